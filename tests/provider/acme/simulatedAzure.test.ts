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

  test("survives throttling and a write whose answer is lost", async () => {
    const faults = [
      { match: { method: "PUT", path: txt("_acme-challenge.portal") }, action: "dropResponse", times: 1 },
      { match: { method: "GET", path: txt("_acme-challenge.portal") }, action: "status", status: 429, times: 1 },
    ];
    expect((await cloud.arm("POST", "/_sandbox/faults", faults)).status).toBeLessThan(300);
    const run = certificateContext(azure, pebble.connection);
    const inputs = certificateInputs(zone, { dnsNames: ["portal.dev.contoso.com"] });
    await certificate.lifecycle.create(inputs, run);
    expect((await cloud.arm("GET", `${txt("_acme-challenge.portal")}?api-version=${API}`)).status).toBe(404);
    await run.connections.close();
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
