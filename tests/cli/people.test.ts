import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { engineDirectory } from "../../scripts/setup/locations.js";
import { devSecrets, devSettings } from "../support/environment.ts";
import { startTestDomain, type TestDomain } from "../support/samba.ts";

const root = resolve(import.meta.dirname, "../..");
const PASSPHRASE = "passphrase of the test";

let domain: TestDomain;
let unit: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "mfakit-people-"));
  domain = await startTestDomain();
  unit = await domain.unit();
  await addPerson("alice", { mobile: "+49 1512 3456789" });
  await addPerson("bob", { mobile: "0151 23456780" });
  await addPerson("carol");
  await addPerson("dave", { mobile: "+1 425 555 0100 x890" });
  await addPerson("erin", { mobile: "+44 7911 123456", userAccountControl: "514" });
  await addPerson("frank", { mobile: "+44 7911 123457", accountExpires: "132223104000000000" });
  await addPerson("=2+5 g,\u00fc", { mobile: "+44 7911 123458" }, "grace");
  await addGroup("Inner", ["dave", "=2+5 g\\,\u00fc"]);
  await addGroup("MFA Users", ["alice", "bob", "carol", "erin", "frank", "Inner"]);
  await addGroup("Ready", ["alice"]);
  await addGroup("Empty", []);
  writeSettings("context.json", {});
});

afterAll(async () => {
  await domain.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function addPerson(cn: string, attributes: Record<string, string> = {}, account = cn): Promise<void> {
  await domain.admin.add(`CN=${cn.replace(/[,=+]/g, "\\$&")},${unit}`, {
    objectClass: "user",
    sAMAccountName: account,
    ...(account !== "grace" && { userPrincipalName: `${account}@corp.contoso.com` }),
    userAccountControl: "544",
    ...attributes,
  });
}

async function addGroup(name: string, members: string[]): Promise<void> {
  await domain.admin.add(`CN=${name},${unit}`, {
    objectClass: "group",
    sAMAccountName: name,
    groupType: "-2147483646",
    ...(members.length > 0 && { member: members.map((cn) => `CN=${cn.replace(/[=+]/g, "\\$&")},${unit}`) }),
  });
}

/** A stack of its own whose settings lead to the test's domain, and a context file for it. */
function writeSettings(contextFile: string, change: { group?: string; password?: string }): void {
  const name = contextFile.replace(/\W/g, "-");
  const home = mkdtempSync(join(folder, "stack-"));
  const settings = devSettings();
  const { domainControllers, bindUser, bindPassword, caCertificates } = domain.connection();
  const config = {
    ...settings,
    directory: {
      ...settings.directory,
      ...{ domainControllers, bindUser, caCertificates },
      ...(change.group !== undefined && { mfaUsers: { name: change.group, adopt: true } }),
    },
  };
  const configFile = join(home, `Pulumi.${name}.yaml`);
  writeFileSync(join(home, "Pulumi.yaml"), readFileSync(join(root, "Pulumi.yaml")));
  writeFileSync(
    configFile,
    stringify({
      config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`mfa-server:${key}`, value])),
    }),
  );
  writeFileSync(join(home, "passphrase"), PASSPHRASE, { mode: 0o600 });
  const environment = {
    PULUMI_HOME: join(home, "home"),
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(home, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const pulumi = (args: string[], input?: string) =>
    execFileSync("pulumi", args, {
      cwd: home,
      stdio: "pipe",
      input,
      env: { ...process.env, ...environment, PATH: `${engineDirectory()}${delimiter}${process.env.PATH}` },
    });
  pulumi(["stack", "init", name, "--non-interactive"]);
  const secrets = { ...devSecrets(), directoryPassword: change.password ?? bindPassword };
  const json = Object.entries(secrets).map(([key, value]) => [`mfa-server:${key}`, { value, secret: true }]);
  pulumi(["config", "set-all", "--stack", name, "--json", JSON.stringify(Object.fromEntries(json))]);
  writeFileSync(join(folder, contextFile), JSON.stringify({ name, stack: name, configFile, environment }));
}

interface Answer {
  status: number;
  stdout: string;
  stderr: string;
}

async function people(args: string[] = [], contextFile = "context.json"): Promise<Answer> {
  const child = spawn(process.execPath, [join(root, "cli/main.ts"), "people", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, MFAKIT_CONTEXT: join(folder, contextFile) },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  const status = await new Promise<number>((done) => child.once("close", (code) => done(code ?? -1)));
  return { status, stdout, stderr };
}

const EXPECTED = {
  alice: [],
  bob: ["unreadableMobile"],
  carol: ["noMobile"],
  dave: ["mobileWithExtension"],
  erin: ["disabled"],
  frank: ["expired"],
  grace: ["noUserPrincipalName"],
};

// What stands first prepares what follows.
describe("one directory", { shuffle: false }, () => {
  describe("mfakit people", () => {
    test("prints everybody with what keeps them from MFA, nested groups too, and exits 3", async () => {
      const { status, stdout } = await people();
      const lines = stdout.split("\n");
      expect(lines[0]).toMatch(/NAME +USER PRINCIPAL NAME +MOBILE +MFA/);
      expect(lines.slice(1, 8).map((line) => line.trim().split(" ")[0])).toEqual(Object.keys(EXPECTED));
      expect(lines[1]).toMatch(/alice +alice@corp\.contoso\.com +\+49 1512 3456789 +ready$/);
      expect(lines[4]).toMatch(/dave .*x890 +a number in "mobile" with an extension/);
      expect(lines[8]).toBe(`6 of 7 people of CN=MFA Users,${unit} are not ready for MFA.`);
      expect(status).toBe(3);
    });

    test("prints the same as JSON", async () => {
      const { stdout } = await people(["--format", "json"]);
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ group: `CN=MFA Users,${unit}`, total: 7, notReady: 6 });
      const reasons = report.people.map((person: { name: string; reasons: string[] }) => [person.name, person.reasons]);
      expect(Object.fromEntries(reasons)).toEqual(EXPECTED);
      expect(report.people[0]).toMatchObject({ ready: true, mobile: "+49 1512 3456789" });
    });

    test("prints CSV that no spreadsheet takes for a formula, only those who are not ready", async () => {
      const { stdout } = await people(["--format", "csv", "--not-ready"]);
      const lines = stdout.split("\r\n");
      expect(lines).toHaveLength(8);
      expect(lines[0]).toBe("name,userPrincipalName,distinguishedName,mobile,ready,reasons");
      expect(lines[1]).toBe(`bob,bob@corp.contoso.com,"CN=bob,${unit}",0151 23456780,false,unreadableMobile`);
      expect(lines[6]).toMatch(/^grace,,"CN=.*",\+44 7911 123458,false,noUserPrincipalName$/);
      expect(lines[3]).toContain(",'+1 425 555 0100 x890,");
    });

    test("exits 0 when everybody is ready, and 3 when nobody is there", async () => {
      writeSettings("ready.json", { group: "Ready" });
      writeSettings("empty.json", { group: "Empty" });
      const ready = await people([], "ready.json");
      expect(ready.stdout).toContain("0 of 1 people");
      expect(ready.status).toBe(0);
      const empty = await people([], "empty.json");
      expect(empty.stdout).toBe(`CN=Empty,${unit} has no people.\n`);
      expect(empty.status).toBe(3);
    });
  });

  describe("the plan of mfakit people", () => {
    test("mends by ldapmodify what follows from the directory, and leaves the rest to people", async () => {
      const file = join(folder, "fix.ldif");
      const { status, stderr } = await people(["--fix-plan", file, "--country", "de", "--not-ready"]);
      expect(stderr).toBe(`The plan is in ${file}. Nothing has been changed.\n`);
      expect(status).toBe(3);
      const plan = readFileSync(file, "utf8");
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(plan.match(/^dn::? /gm)).toHaveLength(3);
      expect(plan).toContain("# carol: ");
      expect(plan).toContain("# erin: the account is disabled\n#   Let the account's owner decide");
      expect(await reasonsNow()).toEqual(EXPECTED);

      execFileSync("ldapmodify", ["-x", ...bind(), "-f", file], { env: ldapEnvironment() });
      expect(await reasonsNow()).toEqual({ ...EXPECTED, bob: [], dave: [], grace: [] });
      const bob = await domain.admin.search(`CN=bob,${unit}`, { scope: "base", attributes: ["mobile"] });
      expect(bob.searchEntries[0]?.mobile).toBe("+49 1512 3456780");
      // Applied again it fails: what it names is not there any more.
      expect(() =>
        execFileSync("ldapmodify", ["-x", ...bind(), "-f", file], { env: ldapEnvironment(), stdio: "pipe" }),
      ).toThrow();
    });

    test("never overwrites a file", async () => {
      const file = join(folder, "mine.ldif");
      writeFileSync(file, "mine");
      const { status, stderr } = await people(["--fix-plan", file]);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^error FIX_PLAN_EXISTS: [^\n]*\n {2}cause: .*\n {2}next: {2}Name another file/);
      expect(readFileSync(file, "utf8")).toBe("mine");
    });
  });

  describe("wrong input of mfakit people", () => {
    test.each([
      [["--format", "xml"], 2, /Allowed choices are table, csv, json/],
      [["--country", "Atlantis"], 1, /error UNKNOWN_COUNTRY/],
    ])("%j", async (args, expected, message) => {
      const { status, stdout, stderr } = await people(args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect([status, stdout]).toEqual([expected, ""]);
    });

    test("a group that is not there says what to do", async () => {
      writeSettings("nogroup.json", { group: "No Such Group" });
      const { status, stderr } = await people([], "nogroup.json");
      expect(stderr).toMatch(/^error PEOPLE_NO_GROUP: .*\n {2}cause: .*\n {2}next: {2}Deploy first/);
      expect(status).toBe(1);
    });

    test("a wrong password gives one message after one attempt, without the password", async () => {
      writeSettings("password.json", { password: "Not-the-pa55word" });
      const refused = () =>
        readFileSync(domain.logFile, "utf8").match(/Auth: \[LDAP.*NT_STATUS_WRONG_PASSWORD/g)?.length ?? 0;
      const before = refused();
      const { status, stderr } = await people([], "password.json");
      expect(stderr.match(/^error /gm)).toHaveLength(1);
      expect(stderr).toContain("DIRECTORY_BIND_REFUSED");
      expect(stderr).not.toContain("Not-the-pa55word");
      expect([status, refused() - before]).toEqual([1, 1]);
    });
  });
});

async function reasonsNow(): Promise<Record<string, string[]>> {
  const { stdout } = await people(["--format", "json"]);
  const { people: found } = JSON.parse(stdout) as { people: { name: string; reasons: string[] }[] };
  return Object.fromEntries(found.map(({ name, reasons }) => [name, reasons]));
}

function bind(): string[] {
  return [
    "-H",
    domain.running.ldapsUrl,
    "-D",
    `CN=Administrator,CN=Users,${domain.baseDn}`,
    "-y",
    domain.adminPasswordFile,
  ];
}

function ldapEnvironment() {
  return { ...process.env, LDAPTLS_CACERT: domain.running.caFile };
}
