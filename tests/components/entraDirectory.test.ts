import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { StoredResource } from "../../sandbox/azure/arm/store.ts";
import { type Synchronised, synchroniseManagedDomain } from "../../sandbox/azure/effects/managedDomain.ts";
import { startTestCloud, type TestCloud } from "../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";
import { startTestDomain, type TestDomain } from "../support/samba.ts";

const root = resolve(import.meta.dirname, "../..");

const program = `
import { Provider as AzureadProvider } from "@pulumi/azuread/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { EntraDirectory } from ${JSON.stringify(`${root}/components/platform/EntraDirectory.ts`)};
import { Provider } from ${JSON.stringify(`${root}/provider/resource.ts`)};

const connection = JSON.parse(process.env.DIRECTORY_CONNECTION);
const kit = new Provider("kit", { directory: { ...connection, bindPassword: pulumi.secret(connection.bindPassword) } });
const members = JSON.parse(process.env.MEMBERS ?? '["alice@contoso.com", "bob@contoso.com"]');
const directory = new EntraDirectory("directory", {
  mfaUsers: { name: "MFA Users", adopt: false, members },
  phoneFactorAdmins: { name: "PhoneFactor Admins", adopt: false, members: [] },
  serviceAccount: { name: "MfaWebService" },
  computerName: "MFADEV01",
  userDomain: "contoso.com",
  arrivalTimeoutMinutes: Number(process.env.TIMEOUT_MINUTES ?? 5),
  pollSeconds: 0.5,
}, { providers: [kit, new AzureadProvider("azuread", {})] });
export const { people, peopleNotReady } = directory;
export const serviceAccount = directory.serviceAccount.qualifiedName;
export const portalAccount = directory.portalAccount.qualifiedName;
export const password = directory.serviceAccount.password;
`;

describe("the directory of a managed domain", { timeout: 240_000, shuffle: false }, () => {
  let cloud: TestCloud;
  let domain: TestDomain;
  let workspace: Workspace;

  const tenant = () =>
    JSON.parse(readFileSync(join(cloud.stateDirectory, "cloud.json"), "utf8")).resources as StoredResource[];
  const synchronise = (what?: Synchronised) =>
    synchroniseManagedDomain(tenant(), { client: domain.admin, baseDn: domain.baseDn }, what);
  const memberships = () => tenant().filter(({ type }) => type === "Microsoft.Graph/groupMembers");

  beforeAll(async () => {
    cloud = await startTestCloud({
      entra: { users: ["alice", "bob", "carol"].map((name) => ({ userPrincipalName: `${name}@contoso.com` })) },
    });
    domain = await startTestDomain();
    workspace = await createWorkspace({
      program,
      plugins: { mfakit: `${root}/provider` },
      env: {
        PULUMI_DEBUG_PROVIDERS: `azuread:${cloud.ports.azuread}`,
        DIRECTORY_CONNECTION: JSON.stringify(domain.connection()),
      },
    });
  });
  afterAll(async () => {
    await workspace?.remove();
    await domain?.stop();
    await cloud?.stop();
  });

  test("says what a managed domain cannot do, and makes nothing in a preview", async () => {
    const { output } = await workspace.succeed(["preview"]);
    expect(output).toContain("the host cannot be made a member of the administrators' group");
    expect(output).toContain("no Domain or Enterprise Administrators");
    expect(memberships()).toEqual([]);
  });

  test("names what has not arrived in time, and what to look at", async () => {
    const late = await workspace.run(["up", "--yes", "--skip-preview"], { env: { TIMEOUT_MINUTES: "0.05" } });
    expect(late.exitCode).not.toBe(0);
    expect(late.output).toMatch(
      /Not in the managed domain after 0\.05 minutes: MfaWebService@contoso\.com, PFUP_MFADEV01@contoso\.com, group MFA Users, group PhoneFactor Admins: .*first password change\. .*entra\.arrivalTimeoutMinutes.*\[ENTRA_ARRIVAL_TIMEOUT\]/s,
    );
    // What was made in Entra ID is there for the next run.
    expect(memberships()).toHaveLength(4);
  });

  test("goes on when everything has arrived", async () => {
    const deploying = workspace.run(["up", "--yes", "--skip-preview"]);
    await synchronise();
    const { exitCode, output } = await deploying;
    expect(exitCode, output).toBe(0);
    expect(await workspace.outputs()).toEqual({
      people: ["alice", "bob"],
      peopleNotReady: [
        expect.objectContaining({ name: "alice", reasons: ["noMobile"] }),
        expect.objectContaining({ name: "bob" }),
      ],
      serviceAccount: "CORP\\MfaWebService",
      portalAccount: "CORP\\PFUP_MFADEV01",
      password: expect.stringMatching(/^[\w.!*-]{32}$/),
    });
  });

  test("keeps the password out of everything but the encrypted state", async () => {
    const { password } = await workspace.outputs();
    expect(await workspace.stateText()).not.toContain(password);
    expect(readFileSync(join(cloud.stateDirectory, "cloud.json"), "utf8")).not.toContain(password);
    expect((await workspace.succeed(["preview", "--diff"])).output).not.toContain(password);
  });

  test("is silent when nothing changed, refreshed or not", async () => {
    await workspace.succeed(["preview", "--expect-no-changes"]);
    await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  test("shows a member who has left the domain, and waits for the return", async () => {
    const group = `CN=PhoneFactor Admins,OU=AADDC Users,${domain.baseDn}`;
    const { Attribute, Change } = await import("ldapts");
    const values = [`CN=MfaWebService,OU=AADDC Users,${domain.baseDn}`];
    await domain.admin.modify(
      group,
      new Change({ operation: "delete", modification: new Attribute({ type: "member", values }) }),
    );
    const drift = await workspace.succeed(["preview", "--refresh", "--diff"]);
    expect(drift.output).toContain(
      "No longer in the managed domain: MfaWebService@contoso.com in group PhoneFactor Admins.",
    );
    await synchronise();
    await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  test("somebody new is made a member in Entra ID and waited for", async () => {
    const env = { MEMBERS: JSON.stringify(["alice@contoso.com", "bob@contoso.com", "carol@contoso.com"]) };
    const deploying = workspace.run(["up", "--yes", "--skip-preview"], { env });
    await vi.waitFor(() => expect(memberships()).toHaveLength(5), { timeout: 120_000, interval: 200 });
    await synchronise();
    const { exitCode, output } = await deploying;
    expect(exitCode, output).toBe(0);
  });

  test("is destroyed in Entra ID, and touches nobody whom it did not make", async () => {
    await workspace.succeed(["destroy", "--yes", "--skip-preview"]);
    expect(
      tenant()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["alice@contoso.com", "bob@contoso.com", "carol@contoso.com"]);
  });
});
