import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import type { AzureConnection } from "../../../provider/configuration.ts";
import { openArm } from "../../../provider/connections/arm.ts";
import {
  clientId,
  clientSecret,
  startTestCloud,
  subscription,
  subscriptionId,
  type TestCloud,
  tenantId,
} from "../../support/azureCloud.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { startPebble, type TestPebble } from "../../support/pebble.ts";

const group = `${subscription}/resourceGroups/rg-dns`;
const zone = { name: "dev.contoso.com", id: `${group}/providers/Microsoft.Network/dnsZones/dev.contoso.com` };
const txt = (name: string) => `${zone.id}/TXT/${name}`;
const API = "2018-05-01";

describe("a certificate for a name in the sandbox's Azure DNS zone", { timeout: 60_000 }, () => {
  let cloud: TestCloud;
  let pebble: TestPebble;
  let azure: AzureConnection;
  beforeAll(async () => {
    cloud = await startTestCloud({
      existing: [
        { id: group, type: "Microsoft.Resources/resourceGroups", name: "rg-dns", location: "westeurope" },
        { id: zone.id, type: "Microsoft.Network/dnsZones", name: zone.name, location: "global", properties: {} },
      ],
    });
    pebble = await startPebble(`${cloud.address.replace(/20$/, "53")}:${cloud.ports.dns}`);
    azure = {
      resourceManagerEndpoint: `https://${cloud.address}:${cloud.ports.arm}`,
      authorityHost: `https://${cloud.address}:${cloud.ports.login}/`,
      tenantId,
      subscriptionId,
      clientId,
      clientSecret,
      caCertificates: cloud.caPem,
    };
  });
  afterAll(() => Promise.all([pebble?.stop(), cloud?.stop()]));

  test("is issued beside a TXT value of somebody else, which survives with its settings", async () => {
    const arm = await openArm(azure);
    const foreign = { properties: { TTL: 3600, metadata: { owner: "mail" }, TXTRecords: [{ value: ["v=foreign"] }] } };
    await arm.put(txt("_acme-challenge.mfa"), API, foreign, { ifNoneMatch: "*" });
    const run = certificateContext(azure, pebble.connection);

    const { outputs } = await certificate.lifecycle.create(certificateInputs(zone), run);

    expect(outputs.dnsNames).toEqual(["mfa.dev.contoso.com"]);
    expect(await arm.get(txt("_acme-challenge.mfa"), API)).toMatchObject(foreign);
    expect(run.warnings).toEqual([]);
    await run.connections.close();
    arm.close();
  });

  const put = { method: "PUT" };
  const faults: [string, object[]][] = [
    ["throttling of every kind of request", ["GET", "PUT", "DELETE"].map((method) => refusal({ method }, 429))],
    ["a service that is not there twice", [{ ...refusal(put, 503), times: 2 }]],
    ["a write whose answer is lost", [{ match: put, action: "dropResponse" }]],
    ["a removal whose answer is lost", [{ match: { method: "DELETE" }, action: "dropResponse" }]],
    ["writes that lose the race three times", [{ ...refusal(put, 412), times: 3 }]],
    ["name servers that answer late", [{ match: { method: "DNS" }, action: "delay", ms: 1_500, times: 2 }]],
    ["name servers that fail at first", [{ match: { method: "DNS" }, action: "status", times: 2 }]],
  ];
  test.each(faults)("survives %s", async (name, list) => {
    const label = name.replaceAll(" ", "-").slice(0, 40);
    const record = txt(`_acme-challenge.${label}`);
    const foreign = { properties: { TTL: 3600, TXTRecords: [{ value: ["v=foreign"] }], metadata: {} } };
    const arm = await openArm(azure);
    // A removal happens only where nobody else has a value.
    const isAlone = name.includes("removal") || name.includes("every kind");
    if (!isAlone) await arm.put(record, API, foreign, { ifNoneMatch: "*" });
    const located = list.map((fault) => {
      const { match } = fault as { match: { method: string } };
      return { ...fault, match: { ...match, path: match.method === "DNS" ? `${label}.* TXT` : record } };
    });
    await cloud.fault(...located);
    const run = certificateContext(azure, pebble.connection);

    await certificate.lifecycle.create(certificateInputs(zone, { dnsNames: [`${label}.dev.contoso.com`] }), run);

    expect((await cloud.raw(cloud.ports.arm, "GET", "/_sandbox/faults")).body).toEqual([]);
    const left = await arm.get(record, API);
    if (isAlone) expect(left).toBeUndefined();
    else expect(left).toMatchObject(foreign);
    expect(run.warnings).toEqual([]);
    await run.connections.close();
    arm.close();
  });

  test("keeps what somebody writes between its reading and its writing", async () => {
    const record = txt("_acme-challenge.raced");
    const arm = await openArm(azure);
    await cloud.fault({ match: { method: "PUT", path: record }, action: "delay", ms: 1_000 });
    const run = certificateContext(azure, pebble.connection);
    const created = certificate.lifecycle.create(certificateInputs(zone, { dnsNames: ["raced.dev.contoso.com"] }), run);
    // The fault is used up as soon as the kit's own write has arrived and waits.
    await expect
      .poll(async () => (await cloud.raw(cloud.ports.arm, "GET", "/_sandbox/faults")).body, { timeout: 10_000 })
      .toEqual([]);
    const foreign = { properties: { TTL: 3600, TXTRecords: [{ value: ["v=foreign"] }], metadata: { owner: "mail" } } };
    await arm.put(record, API, foreign, { ifNoneMatch: "*" });
    await created;
    expect(await arm.get(record, API)).toMatchObject(foreign);
    await run.connections.close();
    arm.close();
  });

  test("tells which zone is missing", async () => {
    const elsewhere = { name: "other.contoso.com", id: zone.id.replace("dev.contoso.com", "other.contoso.com") };
    const run = certificateContext(azure, { ...pebble.connection, dnsServers: undefined });
    await expect(certificate.lifecycle.create(certificateInputs(elsewhere), run)).rejects.toMatchObject({
      message: expect.stringContaining("other.contoso.com"),
    });
    await run.connections.close();
  });
});

function refusal(match: object, status: number): object {
  return { match, action: "status", status, retryAfter: 1, times: 1 };
}
