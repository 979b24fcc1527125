/** Two web applications, one behind the other's network: private endpoint, private zone, delegated subnet. */
import { PrivateDnsZoneGroup } from "@pulumi/azure-native/network/privateDnsZoneGroup.js";
import { PrivateEndpoint } from "@pulumi/azure-native/network/privateEndpoint.js";
import { Subnet } from "@pulumi/azure-native/network/subnet.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import { PrivateZone } from "@pulumi/azure-native/privatedns/privateZone.js";
import { VirtualNetworkLink } from "@pulumi/azure-native/privatedns/virtualNetworkLink.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { AppServicePlan } from "@pulumi/azure-native/web/appServicePlan.js";
import { WebApp } from "@pulumi/azure-native/web/webApp.js";
import { WebAppSwiftVirtualNetworkConnection } from "@pulumi/azure-native/web/webAppSwiftVirtualNetworkConnection.js";

const { name: resourceGroupName } = new ResourceGroup("inner");
const plan = new AppServicePlan("plan", { resourceGroupName, sku: { name: "P1v3", tier: "PremiumV3", capacity: 1 } });
const back = new WebApp("back", { resourceGroupName, serverFarmId: plan.id, httpsOnly: true });
const front = new WebApp("front", {
  resourceGroupName,
  serverFarmId: plan.id,
  httpsOnly: true,
  siteConfig: { minTlsVersion: "1.2" },
});
const network = new VirtualNetwork(
  "network",
  { resourceGroupName, addressSpace: { addressPrefixes: ["10.7.0.0/16"] } },
  { ignoreChanges: ["subnets"] },
);
const inside = new Subnet("inside", {
  resourceGroupName,
  virtualNetworkName: network.name,
  addressPrefix: "10.7.1.0/24",
  privateEndpointNetworkPolicies: "Disabled",
});
const outside = new Subnet("outside", {
  resourceGroupName,
  virtualNetworkName: network.name,
  addressPrefix: "10.7.2.0/24",
  delegations: [{ name: "web", serviceName: "Microsoft.Web/serverFarms" }],
});
const zone = new PrivateZone("zone", {
  resourceGroupName,
  location: "global",
  privateZoneName: "privatelink.azurewebsites.net",
});
const endpoint = new PrivateEndpoint("endpoint", {
  resourceGroupName,
  subnet: { id: inside.id },
  privateLinkServiceConnections: [{ name: "sites", groupIds: ["sites"], privateLinkServiceId: back.id }],
});
new PrivateDnsZoneGroup("names", {
  resourceGroupName,
  privateEndpointName: endpoint.name,
  privateDnsZoneConfigs: [{ name: "sites", privateDnsZoneId: zone.id }],
});
new VirtualNetworkLink("link", {
  resourceGroupName,
  location: "global",
  privateZoneName: zone.name,
  registrationEnabled: false,
  virtualNetwork: { id: network.id },
});
new WebAppSwiftVirtualNetworkConnection("connection", {
  resourceGroupName,
  name: front.name,
  subnetResourceId: outside.id,
});
