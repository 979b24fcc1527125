import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import {
  group,
  ids,
  interfaceBody,
  machineBody,
  machineParts,
  make,
  securityRuleBody,
  storageProfile,
} from "./fixtures.ts";
import { dnsRules } from "./rules/dnsRules.ts";
import { machineRules } from "./rules/machineRules.ts";
import { networkRules } from "./rules/networkRules.ts";
import { otherRules } from "./rules/otherRules.ts";

const network = "2024-05-01";
const compute = "2024-11-01";
const dns = "2018-05-01";
const otherNic = `${group}/providers/Microsoft.Network/networkInterfaces/nic-other`;
const dynamic = { privateIPAllocationMethod: "Dynamic", privateIPAddress: undefined, publicIPAddress: undefined };
const refused = [...otherRules, ...networkRules, ...machineRules, ...dnsRules];

describe("what ARM refuses", { shuffle: false }, () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await startTestCloud();
    await make(cloud, ...machineParts, "join", "zone", "a", "assignment");
    await cloud.put(`${otherNic}?api-version=${network}`, interfaceBody(dynamic));
  });
  afterAll(async () => {
    await cloud?.stop();
  });

  it.each(refused)("%s", async (_, id, version, body, status, code, target) => {
    const before = (await cloud.arm("GET", `${id}?api-version=${version}`)).body;
    const answer = await cloud.arm("PUT", `${id}?api-version=${version}`, body);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    if (target !== undefined) expect(answer.body.error.target).toBe(target);
    expect(answer.body.error.message).toMatch(/\S/);
    const { error: _wasMissing, ...after } = (await cloud.arm("GET", `${id}?api-version=${version}`)).body;
    const { error: _isMissing, ...unchanged } = before;
    expect(after).toEqual(unchanged);
  });

  it("accepts the same requests once the one thing is right", async () => {
    const machine = machineBody({
      networkProfile: { networkInterfaces: [{ id: otherNic }] },
      storageProfile: storageProfile({ sku: "2016-datacenter-gensecond" }, { name: "other" }),
    });
    const longest = [...Array.from({ length: 16 }, () => "x".repeat(255)), "x".repeat(16)];
    const wide = { priority: 4096, protocol: "*", destinationPortRange: "0-65535" };
    const accepted: [string, string, object][] = [
      [`${group}-2`, "2024-03-01", { location: "West Europe" }],
      [`${ids.vnet}/subnets/s2`, network, { properties: { addressPrefix: "10.20.9.0/24" } }],
      [`${ids.nsg}/securityRules/r2`, network, securityRuleBody(wide)],
      [`${group}/providers/Microsoft.Compute/virtualMachines/vm-other`, compute, machine],
      [`${ids.zone}/TXT/x`, dns, { properties: { TTL: 60, TXTRecords: [{ value: longest }] } }],
      [`${ids.zone}/A/*.sub`, dns, { properties: { TTL: 2147483647, ARecords: [{ ipv4Address: "192.0.2.1" }] } }],
    ];
    for (const [id, version, body] of accepted) {
      const shown = await cloud.put(`${id}?api-version=${version}`, body);
      expect(shown.properties.provisioningState).toBe("Succeeded");
    }
  });
});
