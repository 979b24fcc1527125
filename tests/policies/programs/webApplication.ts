/** A web application with a database; its code lies in a blob, and the database's password is written in the program. */
import { Component } from "@pulumi/azure-native/applicationinsights/component.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { Database } from "@pulumi/azure-native/sql/database.js";
import { Server } from "@pulumi/azure-native/sql/server.js";
import { Blob } from "@pulumi/azure-native/storage/blob.js";
import { BlobContainer } from "@pulumi/azure-native/storage/blobContainer.js";
import { listStorageAccountServiceSASOutput } from "@pulumi/azure-native/storage/listStorageAccountServiceSAS.js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount.js";
import { AppServicePlan } from "@pulumi/azure-native/web/appServicePlan.js";
import { WebApp } from "@pulumi/azure-native/web/webApp.js";
import { asset, interpolate } from "@pulumi/pulumi";

const { name: resourceGroupName } = new ResourceGroup("shop");
const account = new StorageAccount("files", { resourceGroupName, kind: "StorageV2", sku: { name: "Standard_LRS" } });
const container = new BlobContainer("packages", { resourceGroupName, accountName: account.name, publicAccess: "None" });
const code = new Blob("code", {
  resourceGroupName,
  accountName: account.name,
  containerName: container.name,
  source: new asset.AssetArchive({ "index.html": new asset.StringAsset("<h1>open</h1>") }),
});
const { serviceSasToken } = listStorageAccountServiceSASOutput({
  resourceGroupName,
  accountName: account.name,
  canonicalizedResource: interpolate`/blob/${account.name}/${container.name}`,
  protocols: "https",
  resource: "c",
  permissions: "r",
});
const insights = new Component("insights", { resourceGroupName, kind: "web", applicationType: "web" });
const password = "Database-Password-1";
const server = new Server("server", {
  resourceGroupName,
  version: "12.0",
  administratorLogin: "shop",
  administratorLoginPassword: password,
});
const database = new Database("orders", { resourceGroupName, serverName: server.name, sku: { name: "S0" } });
const plan = new AppServicePlan("plan", { resourceGroupName, kind: "App", sku: { name: "B1", tier: "Basic" } });
export const { defaultHostName } = new WebApp("shop", {
  resourceGroupName,
  serverFarmId: plan.id,
  siteConfig: {
    appSettings: [
      { name: "APPINSIGHTS_INSTRUMENTATIONKEY", value: insights.instrumentationKey },
      {
        name: "WEBSITE_RUN_FROM_PACKAGE",
        value: interpolate`https://${account.name}.blob.core.windows.net/${container.name}/${code.name}?${serviceSasToken}`,
      },
    ],
    connectionStrings: [
      {
        name: "orders",
        type: "SQLAzure",
        connectionString: interpolate`Server=tcp:${server.name}.database.windows.net;database=${database.name};password=${password};`,
      },
    ],
  },
});
