import { readFile } from "node:fs/promises";
import { Attribute } from "ldapts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { seedDirectory } from "../../../sandbox/directory/index.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { setAttribute } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

const PASSWORD = "Joins-computers-1";

let domain: TestDomain;
let stack: DirectoryStack;
let servers: string;
let counter = 0;

beforeAll(async () => {
  domain = await startTestDomain();
  servers = await domain.unit();
  await seedDirectory(
    domain.running,
    { password: domain.options.adminPassword },
    {
      accounts: [
        { name: "svc-join", password: PASSWORD, delegations: [{ unit: servers, may: "joinComputers" }] },
        { name: "svc-nobody", password: PASSWORD },
      ],
    },
  );
  stack = new DirectoryStack(domain.connection());
});

afterAll(async () => {
  await stack.close();
  await domain.stop();
});

function newJoin(changes: Record<string, unknown> = {}) {
  counter += 1;
  const computerName = `HOST${counter}`;
  const program = { computerName, organizationalUnit: servers, user: "CORP\\svc-join", password: PASSWORD, ...changes };
  return { join: stack.resource("DomainJoin", `join-${counter}`), program, computerName };
}

async function addComputer(name: string, unit: string, objectClass = "computer"): Promise<void> {
  const flags = objectClass === "computer" ? { userAccountControl: "4098" } : { userAccountControl: "546" };
  await domain.admin.add(`CN=${name},${unit}`, { objectClass, sAMAccountName: `${name}$`, ...flags });
}

describe("a domain join that can work", () => {
  test.each(["CORP\\svc-join", "svc-join@corp.contoso.com"])(
    "is proved in preview as %s, and makes nothing",
    async (user) => {
      const { join, program, computerName } = newJoin({ user });
      const planned = await join.preview(program);
      expect(planned.outputs).toMatchObject({ computerAccount: `${computerName}$`, preStaged: false });
      await join.up(program);
      const { searchEntries } = await domain.admin.search(servers, { filter: `(sAMAccountName=${computerName}$)` });
      expect(searchEntries).toEqual([]);
      expect(JSON.stringify(join.state?.outputs)).not.toContain(PASSWORD);
    },
  );

  test("is not proved again once the machine has joined and nothing changed", async () => {
    const { join, program, computerName } = newJoin();
    await join.up(program);
    await addComputer(computerName, servers);
    const before = await binds();
    expect(await join.up(program)).toBe("same");
    expect(await join.refresh()).toEqual([]);
    expect(await binds()).toBe(before);
    // A rotated password is proved, and the machine's own account is no obstacle.
    expect(await join.up({ ...program, user: "svc-join@corp.contoso.com" })).toBe("update");
    await join.destroy();
  });

  test("may use a pre-staged account of the unit that the account manages", async () => {
    const { join, program, computerName } = newJoin();
    await addComputer(computerName, servers);
    expect((await join.preview(program)).outputs).toMatchObject({ preStaged: true });
  });

  test("warns when a machine of this name has joined already", async () => {
    const { join, program, computerName } = newJoin();
    const elsewhere = await domain.unit();
    await addComputer(computerName, elsewhere);
    await setAttribute(domain, `CN=${computerName},${elsewhere}`, "dNSHostName", [`${computerName}.corp.contoso.com`]);
    await join.preview(program);
    expect(stack.warnings.at(-1)).toMatch(
      new RegExp(
        `^CN=${computerName},.* has joined the domain already, as ${computerName}.*joining takes its account over`,
      ),
    );
  });

  test("is not looked at while something of it is unknown", async () => {
    const { join, program } = newJoin({ organizationalUnit: UNKNOWN });
    expect((await join.preview(program)).outputs).toMatchObject({ computerAccount: UNKNOWN });
  });
});

describe("a domain join that cannot work is refused in preview:", () => {
  test.each([
    [
      "a wrong password",
      { password: "Not-the-pa55word" },
      /cannot log on: user name or password is wrong.*domainJoinPassword/,
    ],
    [
      "an account without the right",
      { user: "CORP\\svc-nobody" },
      /CORP\\svc-nobody may not create computer objects in OU=/,
    ],
    [
      "a unit that does not exist",
      { organizationalUnit: "OU=Nowhere,DC=corp,DC=contoso,DC=com" },
      /OU=Nowhere,DC=corp,DC=contoso,DC=com does not exist/,
    ],
  ])("%s", async (_what, changes, message) => {
    const { join, program } = newJoin(changes);
    await expect(join.preview(program)).rejects.toThrow(message);
    await expect(join.preview(program)).rejects.not.toThrow(/pa55word|Joins-computers/);
  });

  test("a name that another computer has elsewhere, with every problem at once", async () => {
    const { join, program, computerName } = newJoin();
    const elsewhere = await domain.unit();
    await addComputer(computerName, elsewhere);
    await expect(join.preview(program)).rejects.toThrow(
      new RegExp(
        `is in ${elsewhere}, not in ${servers}; the computer account exists and CORP.svc-join may not take it over`,
      ),
    );
  });

  test("a name that is no computer's", async () => {
    const { join, program, computerName } = newJoin();
    await addComputer(computerName, await domain.unit(), "user");
    await expect(join.preview(program)).rejects.toThrow(/which is a user and no computer/);
  });
});

describe("an account without the right, in the domain's default container,", () => {
  const joinAs = (user: string) => newJoin({ user, organizationalUnit: `CN=Computers,${domain.baseDn}` });

  async function setQuota(quota: number): Promise<void> {
    await setAttribute(domain, domain.baseDn, "ms-DS-MachineAccountQuota", [String(quota)]);
  }

  test("may join by the domain's quota, with a warning", async () => {
    await setQuota(10);
    const { join, program } = joinAs("CORP\\svc-nobody");
    await join.preview(program);
    expect(stack.warnings.at(-1)).toMatch(/svc-nobody may not create.*ms-DS-MachineAccountQuota: 0 of 10 used/);
  });

  test.each(["CORP\\svc-nobody", "svc-nobody@corp.contoso.com"])(
    "is refused as %s once the quota is used up",
    async (user) => {
      await setQuota(10);
      await createdBy("svc-nobody");
      const { join, program } = joinAs(user);
      await join.preview(program);
      const used = Number(/(\d+) of 10 used/.exec(stack.warnings.at(-1) ?? "")?.[1]);
      expect(used).toBeGreaterThan(0);
      await setQuota(used);
      await expect(join.preview(program)).rejects.toThrow(
        `and has used ${used} of the ${used} of ms-DS-MachineAccountQuota`,
      );
    },
  );

  /** A computer as the directory leaves it that the account created: Samba itself grants nobody a quota. */
  async function createdBy(name: string): Promise<void> {
    const { searchEntries } = await domain.admin.search(domain.baseDn, {
      filter: `(sAMAccountName=${name})`,
      attributes: ["objectSid"],
      explicitBufferAttributes: ["objectSid"],
    });
    counter += 1;
    const computer = `CN=MADE${counter},CN=Computers,${domain.baseDn}`;
    await domain.admin.add(computer, [
      new Attribute({ type: "objectClass", values: ["computer"] }),
      new Attribute({ type: "sAMAccountName", values: [`MADE${counter}$`] }),
      new Attribute({ type: "mS-DS-CreatorSID", values: [searchEntries[0]?.objectSid as Buffer] }),
    ]);
  }
});

async function binds(): Promise<number> {
  return (await readFile(domain.logFile, "utf8")).match(/Auth: \[LDAP,simple bind\/TLS\].*svc-join/g)?.length ?? 0;
}
