import { DnsManagementClient } from "@azure/arm-dns";
import { ClientSecretCredential } from "@azure/identity";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  clientId,
  clientSecret,
  startTestCloud,
  subscriptionId,
  type TestCloud,
  tenantId,
} from "../../support/azureCloud.ts";
import { make } from "./fixtures.ts";

/** Microsoft's own client, log-in included: it knows the contract better than whoever wrote the simulator. */
describe("the official DNS client", { shuffle: false }, () => {
  let cloud: TestCloud;
  let client: DnsManagementClient;
  const zone = ["rg-test", "dev.contoso.com"] as const;

  beforeAll(async () => {
    cloud = await startTestCloud();
    await make(cloud, "group", "zone", "a");
    const tlsOptions = { ca: cloud.caPem };
    const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
      authorityHost: `https://${cloud.address}:${cloud.ports.login}/`,
      disableInstanceDiscovery: true,
      tlsOptions,
    });
    const endpoint = `https://${cloud.address}:${cloud.ports.arm}`;
    client = new DnsManagementClient(credential, subscriptionId, {
      endpoint,
      credentialScopes: `${endpoint}/.default`,
      tlsOptions,
    } as ConstructorParameters<typeof DnsManagementClient>[2]);
  });
  afterAll(async () => {
    await cloud?.stop();
  });

  it("reads what another client made", async () => {
    expect(await client.zones.get(...zone)).toMatchObject({
      name: "dev.contoso.com",
      zoneType: "Public",
      numberOfRecordSets: 3,
    });
    const record = await client.recordSets.get(...zone, "mfa", "A");
    expect(record).toMatchObject({
      ttl: 300,
      aRecords: [{ ipv4Address: "203.0.113.7" }],
      fqdn: "mfa.dev.contoso.com.",
    });
  });
  it("writes with preconditions, and is told when they do not hold", async () => {
    const challenge = (...values: string[]) => ({ ttl: 60, txtRecords: values.map((value) => ({ value: [value] })) });
    const write = (values: string[], options: { ifMatch?: string; ifNoneMatch?: string }) =>
      client.recordSets.createOrUpdate(...zone, "_acme-challenge", "TXT", challenge(...values), options);
    const first = await write(["a"], { ifNoneMatch: "*" });
    await expect(write(["b"], { ifNoneMatch: "*" })).rejects.toMatchObject({
      statusCode: 412,
      code: "PreconditionFailed",
    });
    const second = await write(["a", "b"], { ifMatch: first.etag ?? "" });
    expect(second.txtRecords).toHaveLength(2);
    await expect(write(["c"], { ifMatch: first.etag ?? "" })).rejects.toMatchObject({ statusCode: 412 });
    await client.recordSets.delete(...zone, "_acme-challenge", "TXT", { ifMatch: second.etag ?? "" });
    await expect(client.recordSets.get(...zone, "_acme-challenge", "TXT")).rejects.toMatchObject({ statusCode: 404 });
  });
  it("walks through pages", async () => {
    const names: (string | undefined)[] = [];
    for await (const record of client.recordSets.listByDnsZone(...zone, { top: 1 })) names.push(record.type);
    expect(names).toEqual(
      expect.arrayContaining([
        "Microsoft.Network/dnsZones/NS",
        "Microsoft.Network/dnsZones/SOA",
        "Microsoft.Network/dnsZones/A",
      ]),
    );
  });
  it("polls the delete of a zone to its end", async () => {
    await cloud.fault({
      match: { method: "DELETE", path: "dnsZones/dev\\.contoso\\.com$" },
      action: "slowOperation",
      ms: 100,
    });
    await client.zones.beginDeleteAndWait(...zone, { updateIntervalInMs: 10 });
    await expect(client.zones.get(...zone)).rejects.toMatchObject({ statusCode: 404 });
  });
});
