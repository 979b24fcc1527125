/** One Linux machine that anybody may reach: the network has its subnet inside, the address is dynamic, and no group guards either. */
import { VirtualMachine } from "@pulumi/azure-native/compute/virtualMachine.js";
import { NetworkInterface } from "@pulumi/azure-native/network/networkInterface.js";
import { PublicIPAddress } from "@pulumi/azure-native/network/publicIPAddress.js";
import { VirtualNetwork } from "@pulumi/azure-native/network/virtualNetwork.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup.js";
import { secret } from "@pulumi/pulumi";

const { name: resourceGroupName } = new ResourceGroup("web");
const network = new VirtualNetwork("office", {
  resourceGroupName,
  addressSpace: { addressPrefixes: ["10.4.0.0/16"] },
  subnets: [{ name: "front", addressPrefix: "10.4.1.0/24" }],
});
const address = new PublicIPAddress("entrance", { resourceGroupName, publicIPAllocationMethod: "Dynamic" });
const card = new NetworkInterface("card", {
  resourceGroupName,
  ipConfigurations: [
    {
      name: "first",
      subnet: { id: network.subnets.apply((subnets) => subnets?.[0]?.id ?? "") },
      publicIPAddress: { id: address.id },
    },
  ],
});
export const machine = new VirtualMachine("machine", {
  resourceGroupName,
  hardwareProfile: { vmSize: "Standard_B2s" },
  networkProfile: { networkInterfaces: [{ id: card.id }] },
  osProfile: {
    computerName: "web1",
    adminUsername: "operator",
    adminPassword: secret("Linux-Password-1"),
    linuxConfiguration: { disablePasswordAuthentication: false },
  },
  storageProfile: {
    osDisk: { createOption: "FromImage" },
    imageReference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
  },
}).id;
