import { Attribute, Change, Client } from "ldapts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningDirectory, startDirectory } from "../../../sandbox/directory/index.ts";
import { populateDirectory, populatedAccount, populatedName } from "../../../sandbox/directory/populate.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";

const PEOPLE = 300;

let domain: TestDomain;
let filled: RunningDirectory;
let admin: Client;

beforeAll(async () => {
  domain = await startTestDomain();
  await domain.running.stop();
  await populateDirectory(domain.running.configurationFile, PEOPLE);
  filled = await startDirectory(domain.options);
  const { bindUser, bindPassword } = domain.connection();
  admin = new Client({ url: filled.ldapsUrl, tlsOptions: { ca: domain.authority.caPem } });
  await admin.bind(bindUser, bindPassword);
});

afterAll(async () => {
  await admin.unbind();
  await filled.stop();
  await domain.stop();
});

/** Finds by indexed attributes alone, whose index was made anew. */
async function find(filter: string) {
  return (await admin.search(domain.baseDn, { filter, attributes: ["sAMAccountName", "memberOf"] })).searchEntries;
}

test("a filled domain has everybody, found by each name", async () => {
  // And the one of whom they are copies.
  expect(await find("(&(objectCategory=person)(mobile=+49 1512 3*))")).toHaveLength(PEOPLE + 1);
  for (const number of [0, 150, PEOPLE - 1]) {
    const account = populatedAccount(number);
    const dn = populatedName(number, domain.baseDn);
    expect(await find(`(sAMAccountName=${account})`)).toMatchObject([{ dn }]);
    expect(await find(`(userPrincipalName=${account}@corp.contoso.com)`)).toMatchObject([{ dn }]);
    expect(await find(`(distinguishedName=${dn})`)).toMatchObject([{ sAMAccountName: account }]);
  }
});

test("people of a filled domain can be changed, put into groups and deleted", async () => {
  const group = `CN=Filled,CN=Users,${domain.baseDn}`;
  const members = [populatedName(1, domain.baseDn), populatedName(2, domain.baseDn)];
  await admin.add(group, { objectClass: "group", sAMAccountName: "Filled", member: members });
  expect((await find(`(memberOf=${group})`)).map(({ dn }) => dn).toSorted()).toEqual(members);
  const mobile = new Attribute({ type: "mobile", values: ["+49 30 1"] });
  await admin.modify(members[0] as string, new Change({ operation: "replace", modification: mobile }));
  expect(await find("(mobile=+49 30 1)")).toMatchObject([{ dn: members[0] }]);
  await admin.del(members[1] as string);
  expect((await find(`(memberOf=${group})`)).map(({ dn }) => dn)).toEqual([members[0]]);
});
