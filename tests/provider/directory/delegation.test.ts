import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDirectory } from "../../../sandbox/directory/index.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { canLogOn, exists, setPassword } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

let domain: TestDomain;
let stack: DirectoryStack;
let unit: string;

beforeAll(async () => {
  domain = await startTestDomain();
  unit = await domain.unit();
  const password = "Manages-one-unit-1";
  await seedDirectory(
    domain.running,
    { password: domain.options.adminPassword },
    { accounts: [{ name: "svc-mfakit", password, delegations: [{ unit, may: "manage" }] }] },
  );
  stack = new DirectoryStack(domain.connection({ bindUser: "svc-mfakit@corp.contoso.com", bindPassword: password }));
});

afterAll(async () => {
  await stack.close();
  await domain.stop();
});

test("an account that manages one unit is enough for everything, and for nothing outside it", async () => {
  const inner = stack.resource("OrganizationalUnit", "inner");
  await inner.up({ name: "Inner", parent: unit });
  const group = stack.resource("Group", "group");
  await group.up({ name: "Delegated", organizationalUnit: unit });
  await group.up({
    name: "Delegated",
    organizationalUnit: inner.outputs.distinguishedName as string,
    scope: "Universal",
  });
  const user = stack.resource("User", "user");
  const program = { name: "Delegate", organizationalUnit: unit, cannotChangePassword: true, kerberosTypes: ["AES256"] };
  await user.up(program);
  await setPassword(domain, `CN=Delegate,${unit}`, "Tampered-pa55word");
  await user.refresh();
  await user.up(program);
  expect(await canLogOn(domain, "CORP\\Delegate", user.outputs.password as string)).toBe(true);
  const membership = stack.resource("Membership", "membership");
  await membership.up({ group: group.outputs.objectGuid as string, members: [user.outputs.objectGuid as string] });
  for (const resource of [membership, user, group, inner]) await resource.destroy();
  expect(await exists(domain, `OU=Inner,${unit}`)).toBe(false);

  const outside = stack.resource("Group", "outside");
  await expect(outside.up({ name: "Outside", organizationalUnit: await domain.unit() })).rejects.toThrow(
    /^creating CN=Outside.*may not do this.*Delegate the right on this organizational unit/,
  );
});
