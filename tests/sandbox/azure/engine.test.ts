import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  finished,
  startTestCloud,
  stateText,
  subscription,
  subscriptionId,
  type TestCloud,
} from "../../support/azureCloud.ts";
import { findBicep, judge } from "../../support/bicep.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { fixtures, ids, path, securityRuleBody } from "./fixtures.ts";

const machine = (computerName: string, options: string) => `
const vm = new VirtualMachine("vm", {
  ...inGroup, vmName: "vm-test", hardwareProfile: { vmSize: "Standard_D2s_v5" }, identity: { type: "SystemAssigned" },
  osProfile: { computerName: "${computerName}", adminUsername: "mfaadmin", adminPassword: pulumi.secret("Correct-Horse-7") },
  storageProfile: {
    imageReference: { publisher: "MicrosoftWindowsServer", offer: "WindowsServer", sku: "2022-datacenter-g2", version: "latest" },
    osDisk: { name: "osdisk-test", createOption: "FromImage", deleteOption: "Delete" },
  },
  networkProfile: { networkInterfaces: [{ id: nic.id, primary: true }] },
}, ${options});
new RoleAssignment("assignment", {
  scope: zone.id, principalType: "ServicePrincipal", principalId: vm.identity.apply((identity) => identity?.principalId ?? ""),
  roleDefinitionId: "${subscription}/providers/Microsoft.Authorization/roleDefinitions/befefa01-2a29-4197-83a8-272ff33ce314",
}, { replaceOnChanges: ["roleDefinitionId"] });
export const vmId = vm.vmId;
`;

/** The resources of the kit's main path, raw. */
const program = (vm: string) => `
import * as pulumi from "@pulumi/pulumi";
import { RoleAssignment, getClientConfigOutput } from "@pulumi/azure-native/authorization/index.js";
import { ResourceGroup } from "@pulumi/azure-native/resources/index.js";
import { NetworkInterface, NetworkSecurityGroup, PublicIPAddress, SecurityRule, Subnet, VirtualNetwork } from "@pulumi/azure-native/network/index.js";
import { VirtualMachine } from "@pulumi/azure-native/compute/index.js";
import { RecordSet, Zone } from "@pulumi/azure-native/dns/index.js";

const resourceGroup = new ResourceGroup("group", { resourceGroupName: "rg-test", location: "West Europe", tags: { owner: "team" } });
const inGroup = { resourceGroupName: resourceGroup.name };
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
const zone = new Zone("zone", { ...inGroup, zoneName: "dev.contoso.com", location: "global" });
const record = new RecordSet("record", {
  ...inGroup, zoneName: zone.name, recordType: "A", relativeRecordSetName: "mfa", ttl: 300, aRecords: [{ ipv4Address: address.ipAddress.apply((ip) => ip ?? "") }],
});
${vm}
export const ipAddress = address.ipAddress;
export const fqdn = record.fqdn;
export const tenant = getClientConfigOutput().tenantId;
`;

const importRecord = [
  "import",
  "azure-native:dns:RecordSet",
  "record",
  ids.a,
  "--yes",
  "--protect=false",
  "--generate-code=false",
];

describe("azure-native over the simulated cloud, driven by the real engine", { shuffle: false }, () => {
  let cloud: TestCloud;
  let workspace: Workspace;

  beforeAll(async () => {
    cloud = await startTestCloud();
    const env = { PULUMI_DEBUG_PROVIDERS: cloud.debugProviders };
    workspace = await createWorkspace({ program: program(machine("MFADEV01", "{}")), env });
    await workspace.succeed(["config", "set", "azure-native:subscriptionId", subscriptionId]);
  });
  afterAll(async () => {
    await workspace?.remove();
    await cloud?.stop();
  });

  it("changes nothing in a preview", async () => {
    await workspace.succeed(["preview"]);
    expect(await cloud.bodies()).toEqual([]);
  });

  it("creates everything, then finds nothing to do, refreshed or not", async () => {
    await workspace.succeed(["up", "--yes"]);
    expect(await workspace.outputs()).toMatchObject({
      ipAddress: cloud.address.replace(/\.20$/, ".30"),
      fqdn: "mfa.dev.contoso.com.",
    });
    await workspace.succeed(["up", "--yes", "--expect-no-changes"]);
    await workspace.succeed(["up", "--yes", "--refresh", "--expect-no-changes"]);
  });

  it("keeps the password out of the state, the store and every answer", async () => {
    expect(await workspace.stateText()).not.toContain("Correct-Horse-7");
    expect(stateText(cloud)).not.toContain("Correct-Horse-7");
    expect((await find("VirtualMachine")).outputs?.osProfile).not.toHaveProperty("adminPassword");
  });

  it("leaves bodies that Azure's own types accept", async ({ skip }) => {
    const bicep = findBicep();
    if (bicep === undefined) return skip("needs `bicep` on PATH");
    expect(await judge(bicep, await cloud.bodies())).toEqual([]);
  });

  it("shows what somebody else changed, property by property, and mends it", async () => {
    await cloud.put(path(fixtures.rule), securityRuleBody({ access: "Deny", description: undefined }));
    await cloud.put(path(fixtures.a), { properties: { TTL: 300, ARecords: [{ ipv4Address: "192.0.2.1" }] } });
    await finished(await cloud.arm("PATCH", path(fixtures.group), { tags: { owner: "somebody" } }), cloud.arm);
    const size = { hardwareProfile: { vmSize: "Standard_D4s_v5" } };
    await finished(await cloud.arm("PATCH", path(fixtures.vm), { properties: size }), cloud.arm);
    const { output } = await workspace.succeed(["preview", "--refresh", "--diff"]);
    for (const change of [
      /"Deny" => "Allow"/,
      /"192\.0\.2\.1" => "127\./,
      /"somebody" => "team"/,
      /"Standard_D4s_v5" => "Standard_D2s_v5"/,
    ]) {
      expect(output).toMatch(change);
    }
    await workspace.succeed(["up", "--yes", "--refresh"]);
    expect((await cloud.arm("GET", path(fixtures.rule))).body.properties.access).toBe("Allow");
    await workspace.succeed(["up", "--yes", "--refresh", "--expect-no-changes"]);
  });

  it("makes again what somebody else deleted", async () => {
    await cloud.arm("DELETE", path(fixtures.a));
    const { output } = await workspace.succeed(["up", "--yes", "--refresh"]);
    expect(output).toMatch(/RecordSet.*record.*created/);
    expect((await cloud.arm("GET", path(fixtures.a))).status).toBe(200);
  });

  it("previews another computer name as an update, and fails at apply", async () => {
    await workspace.setProgram(program(machine("MFADEV02", "{}")));
    expect((await workspace.succeed(["preview"])).output).toMatch(/VirtualMachine.*vm.*update/);
    const { exitCode, output } = await workspace.run(["up", "--yes"]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/Status=409 Code="PropertyChangeNotAllowed".*osProfile\.computerName/);
  });

  it("replaces the machine, the old one deleted first, when the program says so", async () => {
    const before = (await cloud.arm("GET", path(fixtures.vm))).body.properties.vmId;
    const options = '{ replaceOnChanges: ["osProfile.computerName"], deleteBeforeReplace: true }';
    await workspace.setProgram(program(machine("MFADEV02", options)));
    await workspace.succeed(["up", "--yes"]);
    const { vmId, osProfile: profile } = (await cloud.arm("GET", path(fixtures.vm))).body.properties;
    expect(profile.computerName).toBe("MFADEV02");
    expect(vmId).not.toBe(before);
  });

  it("takes over what was made by hand, by import", async () => {
    const record = await find("RecordSet");
    await workspace.succeed(["state", "delete", "--yes", "--target-dependents", record.urn]);
    const failed = await workspace.run(["up", "--yes"]);
    expect(failed.output).toMatch(/cannot create already existing resource '.*\/A\/mfa'/);
    await workspace.succeed(importRecord);
    await workspace.succeed(["up", "--yes", "--expect-no-changes"]);
  });

  it("takes over what a killed engine had begun", async () => {
    await cloud.arm("DELETE", path(fixtures.a));
    await workspace.succeed(["refresh", "--yes"]);
    // The look whether it exists passes; the one after the write hangs.
    const look = { match: { method: "GET", path: "/A/mfa$" }, action: "delay" };
    await cloud.fault({ ...look, ms: 0 }, { ...look, ms: 30_000 });
    let engine: { kill(): void } | undefined;
    const run = workspace.run(["up", "--yes", "--skip-preview"], {
      onOutput: (_, running) => {
        engine = running;
      },
    });
    const records = async () => (await cloud.arm("GET", `${ids.zone}/A?api-version=2018-05-01`)).body.value.length;
    await expect.poll(records, { timeout: 60_000 }).toBe(1);
    engine?.kill();
    await run;
    await workspace.succeed(["cancel", "--yes"]);
    await workspace.succeed(["refresh", "--yes", "--clear-pending-creates"]);
    await workspace.succeed(importRecord);
    await workspace.succeed(["up", "--yes", "--expect-no-changes"]);
  });

  it("destroys everything", async () => {
    await workspace.succeed(["destroy", "--yes"]);
    expect(await cloud.bodies()).toEqual([]);
  });

  async function find(type: string) {
    const found = (await workspace.resources()).find((resource) => resource.type.endsWith(`:${type}`));
    if (found === undefined) throw new Error(`the state has no ${type}`);
    return found;
  }
});
