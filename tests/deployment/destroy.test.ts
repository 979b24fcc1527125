import { readFileSync } from "node:fs";
import { Attribute, Change, Client } from "ldapts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEndpoints } from "../../sandbox/endpoints.ts";
import { ensureSecrets } from "../../sandbox/secrets.ts";
import { startTestSandbox, type TestSandbox } from "../support/sandbox.ts";

const unit = "OU=MFA,DC=corp,DC=contoso,DC=com";
const group = `CN=MFA Users,${unit}`;
const alice = "CN=Alice Adams,OU=People,DC=corp,DC=contoso,DC=com";

let sandbox: TestSandbox;
let directory: Client;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  const secrets = await ensureSecrets(sandbox.layout);
  const endpoints = readEndpoints(sandbox.layout);
  directory = new Client({
    url: `ldaps://${endpoints?.network.domainController}`,
    tlsOptions: { ca: readFileSync(endpoints?.caFile ?? "") },
  });
  await directory.bind("administrator@corp.contoso.com", secrets.domainAdministrator);
}, 120_000);

afterAll(async () => {
  await directory?.unbind();
  await sandbox?.down();
});

test("destroy removes what the kit created and keeps the group that was there before", async () => {
  await directory.add(group, { objectClass: "group", sAMAccountName: "MFA Users" });
  await directory.modify(
    group,
    new Change({ operation: "add", modification: new Attribute({ type: "member", values: [alice] }) }),
  );
  const before = await accounts();

  const up = await sandbox.pulumi("up", "--yes", "--skip-preview");
  expect(up.exitCode, up.output).toBe(0);
  expect(await accounts()).toContain("MfaWebService");

  const destroyed = await sandbox.pulumi("destroy", "--yes", "--skip-preview");
  expect(destroyed.exitCode, destroyed.output).toBe(0);
  expect(await accounts()).toEqual(before);
  expect(await members()).toEqual([alice]);
}, 300_000);

/** Everything in the unit that the kit manages. */
async function accounts(): Promise<string[]> {
  const { searchEntries } = await directory.search(unit, { scope: "one", attributes: ["cn"] });
  return searchEntries.map(({ cn }) => String(cn)).sort();
}

async function members(): Promise<string[]> {
  const { searchEntries } = await directory.search(group, { scope: "base", attributes: ["member"] });
  return [searchEntries[0]?.member ?? []].flat().map(String);
}
