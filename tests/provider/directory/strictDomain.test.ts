import { Client, ResultCodeError } from "ldapts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sambaTool } from "../../../sandbox/directory/sambaTool.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { canLogOn, exists } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

/** A domain that is as strict as a domain-wide policy can be. */
let domain: TestDomain;
let stack: DirectoryStack;
let unit: string;

beforeAll(async () => {
  domain = await startTestDomain();
  unit = await domain.unit();
  await sambaTool([
    ...["domain", "passwordsettings", "set", `--configfile=${domain.running.configurationFile}`],
    ...["--complexity=on", "--min-pwd-length=14", "--history-length=24", "--min-pwd-age=1", "--max-pwd-age=42"],
    ...["--account-lockout-threshold=1", "--account-lockout-duration=30", "--reset-account-lockout-after=30"],
  ]);
  stack = new DirectoryStack(domain.connection());
});

afterAll(async () => {
  await stack.close();
  await domain.stop();
});

test("refuses a bind that is neither signed nor in TLS, so that the kit's way is the only one", async () => {
  const client = new Client({ url: `ldap://${domain.options.address}` });
  const bind = client.bind(`CN=Administrator,CN=Users,${domain.baseDn}`, domain.connection().bindPassword);
  const refusal = await bind.then(
    () => undefined,
    (error) => error,
  );
  await client.unbind();
  expect(refusal).toBeInstanceOf(ResultCodeError);
  // strongerAuthRequired
  expect(refusal.code).toBe(8);
});

test("takes generated passwords, and another one right after it", async () => {
  const user = stack.resource("User", "strict");
  const program = { name: "StrictService", organizationalUnit: unit };
  for (const rotationTrigger of ["one", "two"]) {
    await user.up({ ...program, rotationTrigger });
    expect(await canLogOn(domain, "CORP\\StrictService", user.outputs.password as string)).toBe(true);
  }
});

test("refuses a given password that is too short, and nothing is made", async () => {
  const user = stack.resource("User", "short");
  const refused = user.up({ name: "ShortService", organizationalUnit: unit, password: "Sh0rt-given" });
  await expect(refused).rejects.toThrow(/does not meet the password policy of the domain.*leave `password` out/);
  expect(await exists(domain, `CN=ShortService,${unit}`)).toBe(false);
});

test("locks an account after one wrong password, and still none is locked by looking", async () => {
  const user = stack.resource("User", "looked-at");
  await user.up({ name: "LookedAt", organizationalUnit: unit });
  for (let run = 0; run < 3; run += 1) expect(await user.refresh()).toEqual([]);
  expect(await canLogOn(domain, "CORP\\LookedAt", user.outputs.password as string)).toBe(true);
});
