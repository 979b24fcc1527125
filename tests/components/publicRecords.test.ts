import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestCloud, subscription, subscriptionId, type TestCloud } from "../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";

const groups = `${subscription}/resourceGroups`;
const zoneId = `${groups}/rg-dns/providers/Microsoft.Network/dnsZones/contoso.com`;
const recordId = `${zoneId}/A/mfa`;
const module = (name: string) => pathToFileURL(resolve(import.meta.dirname, "../../components/platform", name)).href;

/** The records of a public name as the component makes them, alone. */
function program({
  address,
  adopt = [],
  delegated = false,
}: {
  address: string;
  adopt?: string[];
  delegated?: boolean;
}) {
  const zone = delegated
    ? {
        id: `${groups}/rg-dns/providers/Microsoft.Network/dnsZones/dev.contoso.com`,
        name: "dev.contoso.com",
        resourceGroup: "rg-dns",
        delegatedFrom: { name: "contoso.com", resourceGroup: "rg-dns" },
      }
    : { id: zoneId, name: "contoso.com", resourceGroup: "rg-dns" };
  return `
import * as pulumi from "@pulumi/pulumi";
import { publicRecords } from "${module("publicRecords.ts")}";
import { delegatedZone } from "${module("publicZone.ts")}";
const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
const zone = ${JSON.stringify(zone)};
publicRecords("endpoint", {
  recordName: "mfa", zone, publicIpAddress: "${address}", ipv6Addresses: ["2001:db8::10"], caa: { issuer: "letsencrypt.org" },
  ttl: 300, caaTtl: 3600, adopt: ${JSON.stringify(adopt)},
}, parent, delegatedZone("endpoint", zone, parent));
`;
}

let cloud: TestCloud;
let workspace: Workspace;

beforeAll(async () => {
  cloud = await startTestCloud();
  const version = "api-version=2023-07-01-preview";
  await cloud.put(`${groups}/rg-dns?api-version=2024-11-01`, { location: "westeurope" });
  await cloud.put(`${zoneId}?${version}`, { location: "global" });
  await cloud.put(`${recordId}?${version}`, { properties: { TTL: 300, ARecords: [{ ipv4Address: "203.0.113.9" }] } });
  workspace = await createWorkspace({
    program: program({ address: "203.0.113.10" }),
    env: { PULUMI_DEBUG_PROVIDERS: cloud.debugProviders },
  });
  await workspace.succeed(["config", "set", "azure-native:subscriptionId", subscriptionId]);
});
afterAll(async () => {
  await workspace?.remove();
  await cloud?.stop();
});

async function addresses(): Promise<string[] | undefined> {
  const { status, body } = await cloud.arm("GET", `${recordId}?api-version=2023-07-01-preview`);
  return status === 200
    ? body.properties.ARecords.map(({ ipv4Address }: { ipv4Address: string }) => ipv4Address)
    : undefined;
}

// The steps of one story, on one stack.
describe("the public records", { shuffle: false }, () => {
  test("that somebody else made are refused, and stay as they are", async () => {
    const up = await workspace.run(["up", "--yes", "--skip-preview"]);
    expect(up.exitCode).not.toBe(0);
    expect(up.output).toMatch(/cannot create already existing resource .*\/dnsZones\/contoso\.com\/A\/mfa/);
    expect(await addresses()).toEqual(["203.0.113.9"]);
  });

  test("are adopted where that is wanted: the preview shows the import and what changes", async () => {
    await workspace.setProgram(program({ address: "203.0.113.10", adopt: ["A"] }));
    const preview = await workspace.succeed(["preview", "--diff"]);
    expect(preview.output).toMatch(/= azure-native:dns:RecordSet: \(import\)/);
    expect(preview.output).toMatch(/ipv4Address: "203\.0\.113\.9" => "203\.0\.113\.10"/);
    expect(await addresses()).toEqual(["203.0.113.9"]);
    await workspace.succeed(["up", "--yes", "--skip-preview"]);
    expect(await addresses()).toEqual(["203.0.113.10"]);
    await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  test("stay on destroy, unlike the records that the kit made", async () => {
    await workspace.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(await addresses()).toEqual(["203.0.113.10"]);
    const caa = await cloud.arm("GET", `${zoneId}/CAA/mfa?api-version=2023-07-01-preview`);
    expect(caa.status).toBe(404);
  });

  test("a zone of its own is made and delegated with the name servers that Azure gave it", async () => {
    await workspace.setProgram(program({ address: "203.0.113.10", delegated: true }));
    await workspace.succeed(["up", "--yes", "--skip-preview"]);
    const version = "api-version=2023-07-01-preview";
    const zone = await cloud.arm(
      "GET",
      `${groups}/rg-dns/providers/Microsoft.Network/dnsZones/dev.contoso.com?${version}`,
    );
    const delegation = await cloud.arm("GET", `${zoneId}/NS/dev?${version}`);
    expect(delegation.body.properties.NSRecords.map(({ nsdname }: { nsdname: string }) => nsdname)).toEqual(
      zone.body.properties.nameServers,
    );
    await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });
});
