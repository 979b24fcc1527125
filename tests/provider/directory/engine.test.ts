import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { attributesOf, canLogOn, exists, setAttribute, setPassword } from "./readBack.ts";

const provider = resolve(import.meta.dirname, "../../../provider");

/** What the dev environment does with the directory, in short. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import { Provider } from ${JSON.stringify(`${provider}/resource.ts`)};
import { DomainJoin, Group, Membership, OrganizationalUnit, User } from ${JSON.stringify(`${provider}/directory/resource.ts`)};

const connection = JSON.parse(process.env.DIRECTORY_CONNECTION);
const options = { provider: new Provider("domain", { directory: { ...connection, bindPassword: pulumi.secret(connection.bindPassword) } }) };
const unit = new OrganizationalUnit("unit", { name: "MFA", parent: process.env.PARENT }, options);
const users = new Group("users", { name: "MFA Users", organizationalUnit: process.env.PARENT, adopt: true }, options);
const admins = new Group("admins", { name: "PhoneFactor Admins", organizationalUnit: unit.distinguishedName }, options);
const account = new User("account", { name: "MfaWebService", organizationalUnit: unit.distinguishedName, cannotChangePassword: true, kerberosTypes: ["AES256"] }, options);
const join = { user: process.env.JOIN_USER, password: connection.bindPassword };
new DomainJoin("join", { computerName: "HOST02", organizationalUnit: process.env.PARENT, ...join }, options);
new Membership("admins", { group: admins.objectGuid, members: [account.objectGuid, "HOST01$"] }, options);
const people = new Membership("people", { group: users.objectGuid, members: ["alice", "carol"], checkReadiness: true }, options);
export const unready = people.unready;
export const adopted = users.adopted;
export const password = account.password;
`;

let domain: TestDomain;
let workspace: Workspace;
let parent: string;

beforeAll(async () => {
  domain = await startTestDomain();
  parent = await domain.unit();
  const user = (name: string, attributes: object = {}) =>
    domain.admin.add(`CN=${name},${parent}`, {
      objectClass: "user",
      sAMAccountName: name,
      userPrincipalName: `${name}@corp.contoso.com`,
      userAccountControl: "544",
      ...attributes,
    });
  await user("alice", { mobile: "+49 1512 3456789" });
  await user("bob", { mobile: "+49 1512 3456780" });
  await user("carol");
  await domain.admin.add(`CN=HOST01,${parent}`, {
    objectClass: "computer",
    sAMAccountName: "HOST01$",
    userAccountControl: "4096",
  });
  await domain.admin.add(`CN=MFA Users,${parent}`, {
    objectClass: "group",
    sAMAccountName: "MFA Users",
    groupType: "-2147483646",
    member: [`CN=bob,${parent}`],
  });
  const JOIN_USER = `CN=Administrator,CN=Users,${domain.baseDn}`;
  const env = { DIRECTORY_CONNECTION: JSON.stringify(domain.connection()), PARENT: parent, JOIN_USER };
  workspace = await createWorkspace({ program, plugins: { mfakit: provider }, env });
});

afterAll(async () => {
  await workspace.remove();
  await domain.stop();
});

/** Binds of the provider's account, as the controller's log has them. */
async function binds(): Promise<number> {
  const log = await readFile(domain.logFile, "utf8");
  return log.split("\n").filter((line) => line.includes("Administrator@corp.contoso.com]")).length;
}

// Fourteen runs of the engine.
test("the directory goes through its whole life under the real engine", { timeout: 600_000 }, async () => {
  const account = `CN=MfaWebService,OU=MFA,${parent}`;
  const admins = `CN=PhoneFactor Admins,OU=MFA,${parent}`;
  const isSilent = async (...how: string[]) =>
    (await workspace.run(["preview", ...how, "--expect-no-changes"])).exitCode === 0;

  // The first preview makes nothing and knows already who is not ready.
  expect((await workspace.succeed(["preview", "--diff"])).stdout).toContain("noMobile");
  expect(await exists(domain, account)).toBe(false);

  // Everything is made with one bind.
  const bindsBefore = await binds();
  await workspace.succeed(["up", "--yes", "--skip-preview"]);
  expect((await binds()) - bindsBefore).toBe(1);
  const outputs = await workspace.outputs();
  const password = outputs.password as string;
  expect(outputs).toMatchObject({ adopted: true, unready: [{ name: "carol", reasons: ["noMobile"] }] });
  expect(await canLogOn(domain, "MfaWebService@corp.contoso.com", password)).toBe(true);
  expect((await attributesOf(domain, admins)).member?.toSorted()).toEqual([`CN=HOST01,${parent}`, account]);
  expect(await isSilent("--refresh")).toBe(true);

  // Passwords are encrypted in the state.
  const state = await workspace.stateText();
  expect(state).toContain("PhoneFactor Admins");
  expect(state).not.toContain(password);
  expect(state).not.toContain(domain.connection().bindPassword);

  // A password that somebody set is named, a saved refresh does not hide it, and up sets the recorded one again.
  await setPassword(domain, account, "Tampered-pa55word");
  const passwordDrift = (await workspace.succeed(["preview", "--refresh", "--diff"])).stdout;
  expect(passwordDrift).toMatch(/User: \(refresh\)[\s\S]*::account\][\s\S]*~ passwordLastSet/);
  expect(passwordDrift).toMatch(/User: \(update\)[\s\S]*::account\][\s\S]*passwordLastSet/);
  await workspace.succeed(["refresh", "--yes", "--skip-preview"]);
  expect(await isSilent()).toBe(false);
  await workspace.succeed(["up", "--yes", "--skip-preview"]);
  expect(await canLogOn(domain, "MfaWebService@corp.contoso.com", password)).toBe(true);
  expect(await isSilent("--refresh")).toBe(true);

  // So are a missing member and a disabled account.
  await setAttribute(domain, admins, "member", [`CN=HOST01,${parent}`]);
  await setAttribute(domain, account, "userAccountControl", [String(0x200 + 0x10000 + 0x2)]);
  const drift = (await workspace.succeed(["preview", "--refresh", "--diff"])).stdout;
  expect(drift).toMatch(/::admins\][\s\S]*~ members/);
  expect(drift).toMatch(/::account\][\s\S]*~ enabled *: false => true/);
  await workspace.succeed(["up", "--yes", "--refresh", "--skip-preview"]);
  expect((await attributesOf(domain, admins)).member).toHaveLength(2);
  expect(await isSilent("--refresh")).toBe(true);

  // Destroy removes what the kit made and keeps what it adopted, with the members that were there before.
  await workspace.succeed(["destroy", "--yes", "--skip-preview"]);
  expect(await exists(domain, `OU=MFA,${parent}`)).toBe(false);
  expect((await attributesOf(domain, `CN=MFA Users,${parent}`)).member).toEqual([`CN=bob,${parent}`]);
});
