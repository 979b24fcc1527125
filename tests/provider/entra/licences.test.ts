import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";

const provider = resolve(import.meta.dirname, "../../../provider");

const program = `
import * as pulumi from "@pulumi/pulumi";
import { Licences } from ${JSON.stringify(`${provider}/entra/resource.ts`)};
import { Provider } from ${JSON.stringify(`${provider}/resource.ts`)};

const connection = JSON.parse(process.env.AZURE_CONNECTION);
const azure = { ...connection, clientSecret: pulumi.secret(connection.clientSecret) };
const options = { provider: new Provider("kit", { azure }) };
const licences = new Licences("licences", JSON.parse(process.env.LICENCES), options);
export const { counted, licensed, licensedByGroup, unlicensed, notFound, judgedBy } = licences;
`;

const sid = "S-1-5-21-1-2-3-1104";
const member = (name: string, licences: object[], onPremises: object = {}) => ({
  userPrincipalName: `${name}@contoso.com`,
  onPremises: { samAccountName: name, domainName: "corp.contoso.com", ...onPremises },
  licences,
});
const group = "0d1f1f6c-6a3e-4d3b-9f63-1f2b6b1d7a11";
const tenant = [
  member("alice", [{ sku: "AAD_PREMIUM" }]),
  member("bob", [{ sku: "EMS", group }]),
  member("carol", [{ sku: "AAD_PREMIUM_P2", disabledPlans: ["AAD_PREMIUM", "AAD_PREMIUM_P2"] }]),
  member("dave", [{ sku: "EXCHANGESTANDARD" }]),
  member("erin", [{ sku: "AAD_PREMIUM" }], { securityIdentifier: sid }),
  { userPrincipalName: "frank@contoso.com", licences: [{ sku: "AAD_PREMIUM" }] },
];
const everybody = ["alice", "BOB@contoso.com", "carol", "dave", sid, "frank@contoso.com", "nobody"];

describe("licences under the real engine", { timeout: 240_000, shuffle: false }, () => {
  let cloud: TestCloud;
  let workspace: Workspace;
  let env: Record<string, string>;
  const declare = (people: string[], more: object = {}) => {
    env = { ...env, LICENCES: JSON.stringify({ people, domain: "corp.contoso.com", ...more }) };
  };
  const up = () => workspace.succeed(["up", "--yes", "--skip-preview"], { env });
  const isSilent = async (...how: string[]) =>
    (await workspace.run(["preview", ...how, "--expect-no-changes"], { env })).exitCode === 0;
  const stateOfLicences = async () =>
    (await workspace.resources()).find(({ type }) => type === "mfakit:entra:Licences")?.outputs;

  beforeAll(async () => {
    cloud = await startTestCloud({ entra: { users: tenant } });
    env = { AZURE_CONNECTION: JSON.stringify(cloud.connection) };
    workspace = await createWorkspace({ program, plugins: { mfakit: provider } });
  });
  afterAll(async () => {
    await workspace?.remove();
    await cloud?.stop();
  });

  test("a preview knows already who has none, and the up says the same", async () => {
    declare(everybody);
    const preview = (await workspace.succeed(["preview", "--diff"], { env })).stdout;
    expect(preview).toMatch(/unlicensed +: \[\n.*"carol@contoso.com"\n.*"dave@contoso.com"/);
    await up();
    expect(await workspace.outputs()).toEqual({
      counted: 7,
      licensed: 3,
      licensedByGroup: 1,
      unlicensed: ["carol@contoso.com", "dave@contoso.com"],
      notFound: ["frank@contoso.com", "nobody"],
      judgedBy: "assignments",
    });
    expect(await workspace.stateText()).not.toContain(cloud.connection.clientSecret);
  });

  test("is silent while nobody's licence changes, in whatever order people are named", async () => {
    expect(await isSilent()).toBe(true);
    expect(await isSilent("--refresh")).toBe(true);
    declare(everybody.toReversed());
    expect(await isSilent("--refresh")).toBe(true);
  });

  test("a licence that somebody takes away shows at the next refresh, and an up has nothing to do about it", async () => {
    await cloud.tenant({ users: [member("alice", [])] });
    expect(await isSilent()).toBe(true);
    const drift = (await workspace.succeed(["preview", "--refresh", "--diff"], { env })).stdout;
    expect(drift).toMatch(/mfakit:entra:Licences: \(refresh\)[\s\S]*~ licensed *: 3 => 2[\s\S]*alice@contoso\.com/);
    await workspace.succeed(["refresh", "--yes", "--skip-preview"], { env });
    expect(await stateOfLicences()).toMatchObject({
      licensed: 2,
      unlicensed: ["alice@contoso.com", "carol@contoso.com", "dave@contoso.com"],
    });
    expect(await isSilent("--refresh")).toBe(true);
  });

  test("somebody more is looked up at once", async () => {
    declare(["bob", "dave", "erin"]);
    await up();
    expect(await workspace.outputs()).toMatchObject({ counted: 3, licensed: 2, unlicensed: ["dave@contoso.com"] });
  });

  test("counts only the products that are named, and refuses a name that the tenant does not have", async () => {
    declare(["bob", "erin"], { skus: ["EMS"] });
    await up();
    expect(await workspace.outputs()).toMatchObject({ licensed: 1, unlicensed: ["erin@contoso.com"] });
    declare(["bob"], { skus: ["EMSPREMIUM"] });
    expect((await workspace.run(["preview"], { env })).output).toMatch(
      /Counting only the licences of EMSPREMIUM: .*Name one of AAD_PREMIUM, AAD_PREMIUM_P2, EMS in entra\.licences\.skus/,
    );
  });

  test("does without the tenant's products, by each person's plans", async () => {
    await cloud.tenant({ appRoles: ["User.Read.All"] });
    declare(everybody);
    await up();
    expect(await workspace.outputs()).toMatchObject({
      licensed: 2,
      licensedByGroup: 0,
      unlicensed: ["alice@contoso.com", "carol@contoso.com", "dave@contoso.com"],
      judgedBy: "plans",
    });
    declare(everybody, { skus: ["EMS"] });
    expect((await workspace.run(["preview"], { env })).output).toMatch(
      /Reading \/subscribedSkus: Microsoft Graph answered 403 .* LicenseAssignment\.Read\.All \(Organization\.Read\.All/,
    );
  });

  test("says which permission is missing, and keeps what was known", async () => {
    await cloud.tenant({ appRoles: ["LicenseAssignment.Read.All"] });
    declare(everybody);
    const refused = await workspace.run(["refresh", "--yes", "--skip-preview"], { env });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(
      /Reading \/users: Microsoft Graph answered 403 Authorization_RequestDenied: .* the Microsoft Graph permission User\.Read\.All .*\[GRAPH_PERMISSION_MISSING\]/,
    );
    expect(refused.output).not.toMatch(/^\s+at .*\.ts:/m);
    expect(await stateOfLicences()).toMatchObject({ licensed: 2 });
  });

  test("refuses an account name of no domain, naming everybody at once", async () => {
    declare(["alice", "bob@contoso.com", "carol"], { domain: null });
    const { output } = await workspace.run(["preview"], { env });
    expect(output).toMatch(/people\[0\]: "alice" is an account name/);
    expect(output).toMatch(/people\[2\]: "carol" is an account name/);
    expect(output).not.toContain("people[1]");
  });

  test("is destroyed without a word to the tenant", async () => {
    await cloud.raw(cloud.ports.arm, "DELETE", "/_sandbox/counters");
    await workspace.succeed(["destroy", "--yes", "--skip-preview"], { env });
    expect(await cloud.counters()).toEqual({});
  });
});
