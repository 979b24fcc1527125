import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, subscriptionId, type TestCloud } from "../../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";

/** The resources that the kit's main path makes, raw. `edit` changes one line for a later step. */
const program = (edit: (text: string) => string = (text) => text) =>
  edit(`
import * as pulumi from "@pulumi/pulumi";
import { ResourceGroup } from "@pulumi/azure-native/resources/index.js";
import { NetworkInterface, NetworkSecurityGroup, PublicIPAddress, SecurityRule, Subnet, VirtualNetwork } from "@pulumi/azure-native/network/index.js";
import { VirtualMachine } from "@pulumi/azure-native/compute/index.js";
import { RecordSet, Zone } from "@pulumi/azure-native/dns/index.js";

const group = new ResourceGroup("group", { resourceGroupName: "rg-test", location: "West Europe", tags: { owner: "team" } });
const inGroup = { resourceGroupName: group.name };
const nsg = new NetworkSecurityGroup("nsg", { ...inGroup, networkSecurityGroupName: "nsg-test" });
const rule = new SecurityRule("https", {
  ...inGroup, networkSecurityGroupName: nsg.name, securityRuleName: "allow-https", access: "Allow", direction: "Inbound", priority: 100,
  protocol: "Tcp", sourceAddressPrefix: "Internet", sourcePortRange: "*", destinationAddressPrefix: "*", destinationPortRange: "443",
});
const vnet = new VirtualNetwork("vnet", { ...inGroup, virtualNetworkName: "vnet-test", addressSpace: { addressPrefixes: ["10.20.0.0/16"] } });
const subnet = new Subnet("subnet", {
  ...inGroup, virtualNetworkName: vnet.name, subnetName: "snet-test", addressPrefix: "10.20.1.0/24", networkSecurityGroup: { id: nsg.id },
}, { dependsOn: [rule] });
const address = new PublicIPAddress("address", {
  ...inGroup, publicIpAddressName: "pip-test", sku: { name: "Standard" }, publicIPAllocationMethod: "Static",
});
const nic = new NetworkInterface("nic", {
  ...inGroup, networkInterfaceName: "nic-test",
  ipConfigurations: [{ name: "primary", subnet: { id: subnet.id }, privateIPAllocationMethod: "Static", privateIPAddress: "10.20.1.10", publicIPAddress: { id: address.id } }],
});
const vm = new VirtualMachine("vm", {
  ...inGroup, vmName: "vm-test", hardwareProfile: { vmSize: "Standard_D2s_v5" },
  osProfile: { computerName: "MFADEV01", adminUsername: "mfaadmin", adminPassword: pulumi.secret("Correct-Horse-7") },
  storageProfile: {
    imageReference: { publisher: "MicrosoftWindowsServer", offer: "WindowsServer", sku: "2022-datacenter-g2", version: "latest" },
    osDisk: { name: "osdisk-test", createOption: "FromImage", deleteOption: "Delete" },
  },
  networkProfile: { networkInterfaces: [{ id: nic.id, primary: true }] },
});
const zone = new Zone("zone", { ...inGroup, zoneName: "dev.contoso.com", location: "global" });
const record = new RecordSet("record", {
  ...inGroup, zoneName: zone.name, recordType: "A", relativeRecordSetName: "mfa", ttl: 300, aRecords: [{ ipv4Address: address.ipAddress.apply((ip) => ip ?? "") }],
});
export const ipAddress = address.ipAddress;
export const vmId = vm.vmId;
export const fqdn = record.fqdn;
`);

describe("azure-native over the simulated cloud, driven by the real engine", () => {
  let cloud: TestCloud;
  let workspace: Workspace;

  beforeAll(async () => {
    cloud = await startTestCloud();
    workspace = await createWorkspace({ program: program(), env: { PULUMI_DEBUG_PROVIDERS: cloud.debugProviders } });
    await workspace.succeed(["config", "set", "azure-native:subscriptionId", subscriptionId]);
  });
  afterAll(async () => {
    await workspace?.remove();
    await cloud?.stop();
  });

  it("creates everything, and then finds nothing to do", async () => {
    await workspace.succeed(["preview"]);
    await workspace.succeed(["up", "--yes"]);
    expect(await workspace.outputs()).toMatchObject({
      ipAddress: expect.stringContaining("127."),
      fqdn: "mfa.dev.contoso.com.",
    });
    await workspace.succeed(["preview", "--expect-no-changes"]);
    await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });
});
