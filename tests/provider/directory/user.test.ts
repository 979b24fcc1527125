import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { accessListOf, changeOwnPassword, descriptorOf, grant, putDescriptor } from "./accessList.ts";
import { attributesOf, canLogOn, exists, setAttribute, setPassword } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

let domain: TestDomain;
let stack: DirectoryStack;
let unit: string;
let counter = 0;

beforeAll(async () => {
  domain = await startTestDomain();
  stack = new DirectoryStack(domain.connection());
  unit = await domain.unit();
});

afterAll(async () => {
  await stack.close();
  await domain.stop();
});

function newUser() {
  counter += 1;
  const name = `MfaService${counter}`;
  return {
    name,
    user: stack.resource("User", `user-${counter}`),
    program: { name, organizationalUnit: unit },
    distinguishedName: `CN=${name},${unit}`,
  };
}

async function somebodyCreates(name: string, password: string): Promise<string> {
  const distinguishedName = `CN=${name},${unit}`;
  await domain.admin.add(distinguishedName, { objectClass: "user", sAMAccountName: name, userAccountControl: "514" });
  await setPassword(domain, distinguishedName, password);
  return distinguishedName;
}

describe("a user account", () => {
  test("is created with a generated password that logs on, found unchanged, and deleted", async () => {
    const { name, user, program, distinguishedName } = newUser();
    const planned = await user.preview({ ...program, description: "SDK account" });
    expect(planned).toMatchObject({
      action: "create",
      outputs: {
        name,
        userPrincipalName: `${name}@corp.contoso.com`,
        qualifiedName: `CORP\\${name}`,
        password: UNKNOWN,
        objectGuid: UNKNOWN,
        enabled: true,
        adopted: false,
      },
    });
    expect(await exists(domain, distinguishedName)).toBe(false);

    await user.up({ ...program, description: "SDK account" });
    const found = await attributesOf(domain, distinguishedName);
    expect(found).toMatchObject({
      sAMAccountName: [name],
      userPrincipalName: [`${name}@corp.contoso.com`],
      // NORMAL_ACCOUNT | DONT_EXPIRE_PASSWORD
      userAccountControl: [String(0x200 + 0x10000)],
      description: ["SDK account"],
    });
    expect(user.outputs).toMatchObject({
      objectGuid: found.objectGUID?.[0],
      objectSid: found.objectSid?.[0],
      distinguishedName,
      qualifiedName: `CORP\\${name}`,
      enabled: true,
    });
    const password = user.outputs.password as string;
    expect(password).toMatch(/^[\w.!*-]{32}$/);
    expect(await canLogOn(domain, `CORP\\${name}`, password)).toBe(true);

    expect(await user.up({ ...program, description: "SDK account" })).toBe("same");
    expect(await user.refresh()).toEqual([]);
    await user.destroy();
    expect(await exists(domain, distinguishedName)).toBe(false);
  });

  test("keeps its password secret in the state", async () => {
    const { user, program } = newUser();
    await user.up(program);
    expect(JSON.stringify(user.state)).not.toContain(user.outputs.password);
  });

  test("takes the password that the program gives, and its change", async () => {
    const { name, user, program } = newUser();
    await user.up({ ...program, password: "First-given-pa55word" });
    expect(await canLogOn(domain, `${name}@corp.contoso.com`, "First-given-pa55word")).toBe(true);
    const planned = await user.preview({ ...program, password: "Second-given-pa55word" });
    expect(planned).toMatchObject({ changes: ["password"], outputs: { passwordLastSet: UNKNOWN } });
    await user.up({ ...program, password: "Second-given-pa55word" });
    expect(await canLogOn(domain, `${name}@corp.contoso.com`, "Second-given-pa55word")).toBe(true);
    expect(await canLogOn(domain, `${name}@corp.contoso.com`, "First-given-pa55word")).toBe(false);
    expect(await user.refresh()).toEqual([]);
  });

  test("gets another generated password when the rotation trigger changes", async () => {
    const { name, user, program } = newUser();
    await user.up({ ...program, rotationTrigger: "2026-01" });
    const first = user.outputs.password as string;
    const planned = await user.preview({ ...program, rotationTrigger: "2026-02" });
    expect(planned).toMatchObject({ changes: ["rotationTrigger"], outputs: { password: UNKNOWN } });
    await user.up({ ...program, rotationTrigger: "2026-02" });
    const second = user.outputs.password as string;
    expect(second).not.toBe(first);
    expect(await canLogOn(domain, `CORP\\${name}`, second)).toBe(true);
    expect(await user.up({ ...program, rotationTrigger: "2026-02" })).toBe("same");
  });

  test("whose password somebody set shows drift until the recorded password is set again", async () => {
    const { name, user, program, distinguishedName } = newUser();
    await user.up(program);
    const password = user.outputs.password as string;
    await setPassword(domain, distinguishedName, "Tampered-pa55word");

    expect(await user.refresh()).toEqual(["passwordLastSet"]);
    // A saved refresh does not make the drift vanish before it is mended.
    expect(await user.refresh()).toEqual(["passwordLastSet"]);
    const planned = await user.preview(program);
    expect(planned).toMatchObject({ action: "update", changes: ["passwordLastSet"], outputs: { password } });

    expect(await user.up(program)).toBe("update");
    expect(user.outputs.password).toBe(password);
    expect(await canLogOn(domain, `CORP\\${name}`, password)).toBe(true);
    expect(await user.refresh()).toEqual([]);
    expect(await user.up(program)).toBe("same");
  });

  test("whose recorded password does not log on shows drift, although nobody set another one since", async () => {
    const { name, user, program, distinguishedName } = newUser();
    await user.up(program);
    const password = user.outputs.password as string;
    await setPassword(domain, distinguishedName, "Of-another-copy-1");
    await user.refresh();
    // As after a state was restored from a copy.
    Object.assign(user.state?.outputs ?? {}, { passwordSetByKit: user.outputs.passwordLastSet });
    expect(await user.up(program)).toBe("same");
    expect(await user.refresh()).toEqual(["passwordLastSet"]);
    await user.up(program);
    expect(await canLogOn(domain, `CORP\\${name}`, password)).toBe(true);
    expect(await user.refresh()).toEqual([]);
  });

  test("that is locked out or disabled is not taken for one with another password", async () => {
    const { user, program, distinguishedName } = newUser();
    await user.up(program);
    const flags = String(0x200 + 0x10000 + 0x2);
    await setAttribute(domain, distinguishedName, "userAccountControl", [flags]);
    expect(await user.refresh()).toEqual(["enabled"]);
  });

  test("takes AES tickets alone when the program says so; other kinds are drift, and bits of another meaning stay", async () => {
    const { user, program, distinguishedName } = newUser();
    const types = { kerberosTypes: ["AES256", "AES128"] };
    await user.up({ ...program, ...types });
    const KERBEROS = "msDS-SupportedEncryptionTypes";
    expect((await attributesOf(domain, distinguishedName))[KERBEROS]).toEqual(["24"]);
    expect(await user.refresh()).toEqual([]);
    // DES-CBC-MD5, RC4, and Claims-supported (0x40000), which is not the kit's.
    await setAttribute(domain, distinguishedName, KERBEROS, [String(0x2 + 0x4 + 0x40000)]);
    expect(await user.refresh()).toEqual(["kerberosTypes"]);
    await user.up({ ...program, ...types });
    expect((await attributesOf(domain, distinguishedName))[KERBEROS]).toEqual([String(24 + 0x40000)]);
    // No longer declared, it stays as it is.
    await user.up(program);
    expect(await user.refresh()).toEqual([]);
  });

  test("cannot change its own password when the program says so, and can again", async () => {
    const { user, program, distinguishedName } = newUser();
    await user.up({ ...program, password: "Own-pa55word-1" });
    const own = (from: string, to: string) => changeOwnPassword(domain, distinguishedName, from, to);
    expect(await own("Own-pa55word-1", "Own-pa55word-2")).toBe(true);
    await user.refresh();

    const fixed = { ...program, password: "Own-pa55word-3", cannotChangePassword: true };
    expect((await user.preview(fixed)).changes).toContain("cannotChangePassword");
    await user.up(fixed);
    expect(await own("Own-pa55word-3", "Own-pa55word-4")).toBe(false);
    expect(await user.refresh()).toEqual([]);
    const list = await accessListOf(domain, distinguishedName);
    for (const trustee of ["WD", "PS"])
      expect(list).toContain(`(OD;;CR;ab721a53-1e2f-11d0-9819-00aa0040529b;;${trustee})`);

    await user.up({ ...fixed, cannotChangePassword: false });
    expect(await own("Own-pa55word-3", "Own-pa55word-5")).toBe(true);
  });

  test("whose access list somebody changed shows drift, and keeps every other entry when it is mended", async () => {
    const { user, program, distinguishedName } = newUser();
    await user.up(program);
    const before = await accessListOf(domain, distinguishedName);
    const free = await descriptorOf(domain, distinguishedName);
    const fixed = { ...program, cannotChangePassword: true };
    await user.up(fixed);
    await user.up({ ...fixed, cannotChangePassword: false });
    expect(await accessListOf(domain, distinguishedName)).toBe(before);
    expect(await user.up(fixed)).toBe("update");
    const entry = "(A;;CCDC;;;AN)";
    await putDescriptor(domain, distinguishedName, free);
    await grant(domain, distinguishedName, entry);
    expect(await user.refresh()).toEqual(["cannotChangePassword"]);
    await user.up(fixed);
    expect(await accessListOf(domain, distinguishedName)).toContain(entry);
    expect(await user.refresh()).toEqual([]);
  });

  test("that must change its password at the next logon is drift of the password", async () => {
    const { name, user, program, distinguishedName } = newUser();
    await user.up(program);
    await setAttribute(domain, distinguishedName, "pwdLastSet", ["0"]);
    expect(await user.refresh()).toEqual(["passwordLastSet"]);
    await user.up(program);
    expect(await canLogOn(domain, `CORP\\${name}`, user.outputs.password as string)).toBe(true);
  });

  test("that somebody disabled shows drift on enabled, and is enabled again without losing other flags", async () => {
    const { user, program, distinguishedName } = newUser();
    await user.up(program);
    // TRUSTED_FOR_DELEGATION is not the kit's.
    await setAttribute(domain, distinguishedName, "userAccountControl", [String(0x200 + 0x10000 + 0x2 + 0x80000)]);
    expect(await user.refresh()).toEqual(["enabled"]);
    expect(await user.up(program)).toBe("update");
    const { userAccountControl } = await attributesOf(domain, distinguishedName);
    expect(userAccountControl).toEqual([String(0x200 + 0x10000 + 0x80000)]);
    expect(await user.refresh()).toEqual([]);
  });

  test("is disabled and its password expires when the program says so", async () => {
    const { user, program, distinguishedName } = newUser();
    await user.up({ ...program, enabled: false, passwordNeverExpires: false });
    const { userAccountControl } = await attributesOf(domain, distinguishedName);
    expect(userAccountControl).toEqual([String(0x200 + 0x2)]);
    expect(await user.refresh()).toEqual([]);
  });

  test("keeps its objectGUID and password through a rename and a move", async () => {
    const { name, user, program } = newUser();
    await user.up(program);
    const { objectGuid, password } = user.outputs;
    const other = await domain.unit();
    const renamed = { name: `New${name}`, organizationalUnit: other };
    expect((await user.preview(renamed)).outputs).toMatchObject({ objectGuid, password });
    await user.up(renamed);
    const found = await attributesOf(domain, `CN=New${name},${other}`);
    expect(found).toMatchObject({
      objectGUID: [objectGuid],
      sAMAccountName: [`New${name}`],
      userPrincipalName: [`New${name}@corp.contoso.com`],
    });
    expect(user.outputs).toMatchObject({ qualifiedName: `CORP\\New${name}`, password });
  });

  test("shows a changed userPrincipalName as drift", async () => {
    const { name, user, program, distinguishedName } = newUser();
    await user.up(program);
    await setAttribute(domain, distinguishedName, "userPrincipalName", [`other-${name}@corp.contoso.com`]);
    expect(await user.refresh()).toEqual(["userPrincipalName"]);
    expect(user.state?.inputs.userPrincipalName).toBe(`other-${name}@corp.contoso.com`);
    await user.up(program);
    expect((await attributesOf(domain, distinguishedName)).userPrincipalName).toEqual([`${name}@corp.contoso.com`]);
  });

  test("of somebody else is refused in preview, and adopted when the program says so: enabled, with a password of the kit", async () => {
    const { name, user, program } = newUser();
    const distinguishedName = await somebodyCreates(name, "Of-somebody-else-1");
    await expect(user.preview(program)).rejects.toThrow(/exists already.*adopt: true/);
    const planned = await user.preview({ ...program, adopt: true });
    const { objectGUID } = await attributesOf(domain, distinguishedName);
    expect(planned.outputs).toMatchObject({ adopted: true, objectGuid: objectGUID?.[0], password: UNKNOWN });

    await user.up({ ...program, adopt: true });
    expect(await canLogOn(domain, `CORP\\${name}`, user.outputs.password as string)).toBe(true);
    await user.destroy();
    expect(await exists(domain, distinguishedName)).toBe(true);
  });

  test("whose create was interrupted gets a password that the state knows", async () => {
    const { name, user, program } = newUser();
    await user.up(program);
    const { objectGuid } = user.outputs;
    user.state = undefined;
    await user.up(program);
    expect(user.outputs).toMatchObject({ objectGuid, adopted: false });
    expect(await canLogOn(domain, `CORP\\${name}`, user.outputs.password as string)).toBe(true);
  });

  test("that was imported gets a password of the kit at the next update", async () => {
    const { name, user, program } = newUser();
    const distinguishedName = await somebodyCreates(name, "Of-somebody-else-2");
    const { objectGUID } = await attributesOf(domain, distinguishedName);
    await user.import(objectGUID?.[0] as string);
    expect((await user.preview(program)).changes).toContain("password");
    await user.up(program);
    expect(await canLogOn(domain, `CORP\\${name}`, user.outputs.password as string)).toBe(true);
  });

  test("with a password against the domain's policy is refused without saying the password", async () => {
    const { user, program, distinguishedName } = newUser();
    const refused = user.up({ ...program, password: "weakweak" });
    await expect(refused).rejects.toThrow(/does not meet the password policy/);
    await expect(refused).rejects.not.toThrow(/weakweak/);
    expect(await exists(domain, distinguishedName)).toBe(false);
  });

  test("with a name that is no sAMAccountName is refused in check", async () => {
    const { user, program } = newUser();
    await expect(user.preview({ ...program, name: "way-too-long-for-an-account" })).rejects.toThrow(/name: .*20/);
    await expect(user.preview({ ...program, name: "a+b" })).rejects.toThrow(/name: must not contain/);
  });
});
