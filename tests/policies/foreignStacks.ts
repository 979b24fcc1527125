/**
 * Stacks of other teams, in the shapes that the azure-native provider gives and takes: none of them has anything of the kit, and some spell
 * types with an API version. Written by hand after what such programs commonly declare.
 */
import type { AnalyzedResource } from "../support/policyPack.ts";
import { UNKNOWN } from "../support/policyPack.ts";

type Declared = [type: string, name: string, properties: Record<string, unknown>, sources?: Record<string, string[]>];

const urnOf = (stack: string, type: string, name: string) => `urn:pulumi:prod::${stack}::${type}::${name}`;
const id = (path: string) => `/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/rg/providers/${path}`;

function stackOf(stack: string, declared: Declared[]): AnalyzedResource[] {
  return declared.map(([type, name, properties, sources]) => ({
    type,
    name,
    properties,
    urn: urnOf(stack, type, name),
    ...(sources && { sources }),
  }));
}

const aks = stackOf("aks", [
  ["pulumi:pulumi:Stack", "aks-prod", { kubeconfig: UNKNOWN }],
  ["pulumi:providers:azure-native", "default_3_28_0", { location: "westeurope", version: "3.28.0" }],
  ["azure-native:resources:ResourceGroup", "rg", { resourceGroupName: "rg", location: "westeurope" }],
  ["tls:index/privateKey:PrivateKey", "ssh", { algorithm: "RSA", rsaBits: 4096, publicKeyOpenssh: UNKNOWN }],
  [
    "azure-native:containerservice:ManagedCluster",
    "cluster",
    {
      resourceGroupName: "rg",
      dnsPrefix: "aks",
      enableRBAC: true,
      identity: { type: "SystemAssigned" },
      agentPoolProfiles: [{ name: "pool", count: 3, mode: "System", vmSize: "Standard_D2s_v5", osType: "Linux" }],
      linuxProfile: { adminUsername: "aks", ssh: { publicKeys: [{ keyData: UNKNOWN }] } },
    },
  ],
  [
    "azure-native:authorization:RoleAssignment",
    "pull",
    { principalId: UNKNOWN, principalType: "ServicePrincipal", roleDefinitionId: UNKNOWN, scope: UNKNOWN },
  ],
  ["kubernetes:core/v1:Service", "web", { spec: { type: "LoadBalancer", ports: [{ port: 80 }] } }],
]);

const staticSite = stackOf("static-site", [
  [
    "azure-native:storage:StorageAccount",
    "site",
    { resourceGroupName: "rg", kind: "StorageV2", sku: { name: "Standard_LRS" }, allowBlobPublicAccess: true },
  ],
  [
    "azure-native:storage:StorageAccountStaticWebsite",
    "website",
    { accountName: UNKNOWN, indexDocument: "index.html" },
  ],
  ["azure-native:storage:Blob", "index.html", { containerName: UNKNOWN, source: { path: "./index.html" } }],
  ["azure-native:cdn:Profile", "cdn", { resourceGroupName: "rg", sku: { name: "Standard_Microsoft" } }],
]);

const webAppWithSql = stackOf("shop", [
  [
    "azure-native:sql:Server",
    "sql",
    {
      administratorLogin: "sa",
      administratorLoginPassword: "in plain text",
      version: "12.0",
      minimalTlsVersion: "1.0",
    },
  ],
  ["azure-native:sql:Database", "db", { serverName: "sql", sku: { name: "S0" } }],
  ["azure-native:web:AppServicePlan", "plan", { kind: "App", sku: { name: "B1", tier: "Basic" } }],
  [
    "azure-native:web/v20240401:WebApp",
    "app",
    {
      serverFarmId: UNKNOWN,
      httpsOnly: false,
      siteConfig: { appSettings: [{ name: "A", value: UNKNOWN }], connectionStrings: UNKNOWN },
    },
  ],
  ["azure-native:insights:Component", "insights", { applicationType: "web", kind: "web" }],
  [
    "azure-native:keyvault/v20230701:Vault",
    "kv",
    {
      properties: {
        tenantId: "t",
        sku: { family: "A", name: "standard" },
        accessPolicies: [],
        enableSoftDelete: false,
      },
    },
  ],
  ["azure-native:keyvault:Secret", "connection", { vaultName: "kv", properties: { value: UNKNOWN } }],
]);

const scaleSet = stackOf("vmss", [
  [
    "azure-native:network:VirtualNetwork",
    "net",
    {
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [{ name: "default", addressPrefix: "10.0.1.0/24" }],
    },
  ],
  [
    "azure-native:network:PublicIPAddress",
    "ip",
    { id: id("Microsoft.Network/publicIPAddresses/ip"), publicIPAllocationMethod: "Dynamic" },
  ],
  [
    "azure-native:network:LoadBalancer",
    "lb",
    {
      frontendIPConfigurations: [
        { name: "front", publicIPAddress: { id: id("Microsoft.Network/publicIPAddresses/ip") } },
      ],
    },
  ],
  [
    "azure-native:network:NetworkSecurityGroup",
    "open",
    {
      name: "open",
      securityRules: [
        {
          name: "rdp",
          priority: 100,
          direction: "Inbound",
          access: "Allow",
          protocol: "*",
          sourceAddressPrefix: "*",
          sourcePortRange: "*",
          destinationAddressPrefix: "*",
          destinationPortRange: "3389",
        },
        { name: "out", priority: 100, direction: "Outbound", access: "Deny", protocol: "*" },
      ],
    },
  ],
  [
    "azure-native:compute:VirtualMachineScaleSet",
    "set",
    { sku: { capacity: 2, name: "Standard_DS1_v2" }, virtualMachineProfile: { osProfile: { adminPassword: UNKNOWN } } },
  ],
  [
    "azure-native:compute:VirtualMachine",
    "jump",
    {
      name: "jump",
      osProfile: { computerName: "jump", adminUsername: "azureuser", adminPassword: UNKNOWN },
      storageProfile: {
        imageReference: {
          publisher: "MicrosoftWindowsServer",
          offer: "WindowsServer",
          sku: "2022-datacenter-azure-edition",
          version: "latest",
        },
        osDisk: { createOption: "FromImage", name: "jump-os" },
      },
      networkProfile: { networkInterfaces: [{ id: UNKNOWN }] },
    },
  ],
  [
    "azure-native:compute:VirtualMachine",
    "linux",
    {
      osProfile: { linuxConfiguration: { disablePasswordAuthentication: true } },
      storageProfile: {
        imageReference: { publisher: "canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
      },
    },
  ],
]);

const functionApp = stackOf("functions", [
  [
    "azure-native:storage:StorageAccount",
    "sa",
    { minimumTlsVersion: UNKNOWN, tags: { environment: "prod", owner: "shop" } },
  ],
  ["azure-native:operationalinsights:Workspace", "logs", { retentionInDays: 30, sku: { name: "PerGB2018" } }],
  [
    "azure-native:web:WebApp",
    "fn",
    {
      kind: "functionapp",
      siteConfig: { minTlsVersion: "1.2", appSettings: UNKNOWN },
      identity: { type: "SystemAssigned" },
    },
  ],
  [
    "azure-native:authorization:RoleAssignment",
    "all",
    {
      principalId: "p",
      principalType: "ServicePrincipal",
      roleDefinitionId: "/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
      scope: "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590",
    },
  ],
  ["random:index/randomString:RandomString", "suffix", { length: 8, result: "abcdefgh" }],
]);

/** What the pack has to say about each, by rule; the names are those of the resources that it points at. */
export const foreignStacks: { title: string; resources: AnalyzedResource[]; finds: Record<string, string[]> }[] = [
  {
    title: "a Kubernetes cluster",
    resources: aks,
    finds: { "MFA-HOST-008": ["pull", "pull"], "MFA-LIFE-005": ["rg", "rg"] },
  },
  {
    title: "a static site",
    resources: staticSite,
    finds: { "MFA-WEB-006": ["site"], "MFA-LIFE-005": ["site", "site"] },
  },
  {
    title: "a web application with a database",
    resources: webAppWithSql,
    finds: {
      "MFA-WEB-006": ["app", "sql"],
      "MFA-SEC-002": ["kv", "kv"],
      "MFA-SEC-003": ["kv"],
      "MFA-SEC-004": ["kv"],
      "MFA-LIFE-005": ["kv", "kv"],
    },
  },
  {
    title: "a scale set behind a load balancer, with a jump host",
    resources: scaleSet,
    finds: {
      "MFA-NET-001": ["open"],
      "MFA-NET-002": ["open"],
      "MFA-NET-004": ["ip"],
      "MFA-HOST-001": ["jump"],
      "MFA-HOST-002": ["jump"],
      "MFA-HOST-003": ["jump"],
      "MFA-HOST-004": ["jump"],
      "MFA-HOST-005": ["jump"],
      "MFA-HOST-009": ["jump"],
      "MFA-LIFE-005": ["ip", "ip", "jump", "jump", "linux", "linux", "net", "net", "open", "open"],
    },
  },
  {
    title: "a function application",
    resources: functionApp,
    finds: { "MFA-WEB-006": ["sa"], "MFA-HOST-008": ["all", "all"] },
  },
];
