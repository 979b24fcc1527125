import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { attributesOf, exists, setAttribute } from "./readBack.ts";
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

/** A group of a test's own: nobody else uses its name. */
function newGroup() {
  counter += 1;
  const name = `Group ${counter}`;
  return { name, group: stack.resource("Group", `group-${counter}`), program: { name, organizationalUnit: unit } };
}

async function somebodyCreates(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const distinguishedName = `CN=${name},${unit}`;
  await domain.admin.add(distinguishedName, {
    objectClass: "group",
    sAMAccountName: name,
    groupType: "-2147483646",
    ...attributes,
  });
  return distinguishedName;
}

describe("a group", () => {
  test("has an owner and notes when the program says so; others' are drift, and they go with the declaration", async () => {
    const { name, group, program } = newGroup();
    const owner = await somebodyCreates(`Owner of ${name}`);
    const declared = { ...program, info: "Asked for by the bank.", managedBy: owner.replace("CN=", "cn = ") };
    await group.up(declared);
    const distinguishedName = `CN=${name},${unit}`;
    expect(await attributesOf(domain, distinguishedName)).toMatchObject({
      info: ["Asked for by the bank."],
      managedBy: [owner],
    });
    expect(await group.refresh()).toEqual([]);
    expect(await group.up(declared)).toBe("same");

    await setAttribute(domain, distinguishedName, "managedBy", [`CN=Administrator,CN=Users,${domain.baseDn}`]);
    expect(await group.refresh()).toEqual(["managedBy"]);
    await group.up(declared);
    await group.up(program);
    const { info, managedBy } = await attributesOf(domain, distinguishedName);
    expect([info, managedBy]).toEqual([undefined, undefined]);

    await setAttribute(domain, distinguishedName, "info", ["Of somebody else"]);
    expect(await group.refresh()).toEqual([]);
  });

  test("is created as a global security group, found unchanged, and deleted", async () => {
    const { name, group, program } = newGroup();
    const planned = await group.preview({ ...program, description: "People with MFA" });
    expect(planned.action).toBe("create");
    expect(planned.outputs).toMatchObject({ name, adopted: false, objectGuid: UNKNOWN, distinguishedName: UNKNOWN });
    expect(await exists(domain, `CN=${name},${unit}`)).toBe(false);

    await group.up({ ...program, description: "People with MFA" });
    const found = await attributesOf(domain, `CN=${name},${unit}`);
    expect(found).toMatchObject({
      sAMAccountName: [name],
      groupType: ["-2147483646"],
      description: ["People with MFA"],
    });
    expect(group.outputs).toMatchObject({ name, organizationalUnit: unit, scope: "Global", adopted: false });
    expect(group.outputs.objectGuid).toBe(found.objectGUID?.[0]);
    expect(group.outputs.objectSid).toBe(found.objectSid?.[0]);

    expect(await group.up({ ...program, description: "People with MFA" })).toBe("same");
    expect(await group.refresh()).toEqual([]);
    await group.destroy();
    expect(await exists(domain, `CN=${name},${unit}`)).toBe(false);
  });

  test("keeps its objectGUID through a rename and a move", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    const { objectGuid } = group.outputs;
    const other = await domain.unit();
    const planned = await group.preview({ name: `${name} renamed`, organizationalUnit: other });
    expect(planned).toMatchObject({
      action: "update",
      changes: ["name", "organizationalUnit"],
      outputs: { objectGuid },
    });

    await group.up({ name: `${name} renamed`, organizationalUnit: other });
    const found = await attributesOf(domain, `CN=${name} renamed,${other}`);
    expect(found.objectGUID).toEqual([objectGuid]);
    expect(found.sAMAccountName).toEqual([`${name} renamed`]);
    expect(await exists(domain, `CN=${name},${unit}`)).toBe(false);
  });

  test("is found again after somebody renamed and moved it, and is brought back", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    const other = await domain.unit();
    await domain.admin.modifyDN(`CN=${name},${unit}`, `CN=Hidden ${counter},${other}`);
    expect(await group.refresh()).toEqual(["name", "organizationalUnit"]);
    expect(group.state?.inputs).toMatchObject({ name: `Hidden ${counter}`, organizationalUnit: other });
    expect(await group.up(program)).toBe("update");
    expect(await exists(domain, `CN=${name},${unit}`)).toBe(true);
    expect(await group.refresh()).toEqual([]);
  });

  test("is reported as gone when somebody deleted it, and created again", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    await domain.admin.del(`CN=${name},${unit}`);
    expect(await group.refresh()).toBe("gone");
    expect(await group.up(program)).toBe("create");
  });

  test("shows a changed description and scope as drift, and mends them", async () => {
    const { name, group, program } = newGroup();
    await group.up({ ...program, description: "as declared" });
    await setAttribute(domain, `CN=${name},${unit}`, "description", ["tampered"]);
    await setAttribute(domain, `CN=${name},${unit}`, "groupType", ["-2147483640"]);
    expect(await group.refresh()).toEqual(["description", "scope"]);
    expect(await group.up({ ...program, description: "as declared" })).toBe("update");
    const found = await attributesOf(domain, `CN=${name},${unit}`);
    expect(found).toMatchObject({ description: ["as declared"], groupType: ["-2147483646"] });
  });

  test("leaves a description alone that the program never declared, and clears one that it no longer declares", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    await setAttribute(domain, `CN=${name},${unit}`, "description", ["of somebody else"]);
    expect(await group.refresh()).toEqual([]);
    expect(await group.up(program)).toBe("same");

    await group.up({ ...program, description: "declared" });
    await group.up(program);
    expect((await attributesOf(domain, `CN=${name},${unit}`)).description).toBeUndefined();
  });

  test("changes its scope from Global to DomainLocal, which the directory allows only through Universal", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    await group.up({ ...program, scope: "DomainLocal" });
    expect((await attributesOf(domain, `CN=${name},${unit}`)).groupType).toEqual(["-2147483644"]);
    expect(group.outputs.scope).toBe("DomainLocal");
  });

  test("spelled differently is no change", async () => {
    const { group, program } = newGroup();
    await group.up(program);
    const respelled = unit.replace("OU=", "ou = ").replace(",DC=corp", ", dc=CORP");
    expect(await group.up({ ...program, organizationalUnit: respelled })).toBe("same");
    expect(await group.refresh()).toEqual([]);
  });

  test("of somebody else is refused in preview and in create, with the ways out", async () => {
    const { name, group, program } = newGroup();
    await somebodyCreates(name);
    const message = new RegExp(`CN=${name},OU=.* exists already.*adopt: true.*pulumi import mfakit:directory:Group`);
    await expect(group.preview(program)).rejects.toThrow(message);
    await expect(group.up(program)).rejects.toThrow(message);
  });

  test("that is adopted shows its real identity in preview, and outlives destroy", async () => {
    const { name, group, program } = newGroup();
    const distinguishedName = await somebodyCreates(name, { groupType: "-2147483640" });
    const { objectGUID } = await attributesOf(domain, distinguishedName);
    const planned = await group.preview({ ...program, adopt: true });
    expect(planned.outputs).toMatchObject({
      adopted: true,
      objectGuid: objectGUID?.[0],
      distinguishedName,
      scope: "Universal",
    });
    await group.up({ ...program, adopt: true });
    expect(group.outputs).toMatchObject({ adopted: true, scope: "Universal" });
    expect(await group.refresh()).toEqual([]);
    expect(await group.up({ ...program, adopt: true })).toBe("same");
    await group.destroy();
    expect(await exists(domain, distinguishedName)).toBe(true);
  });

  test("that lies in another container is not adopted", async () => {
    const { name, group, program } = newGroup();
    await somebodyCreates(name);
    const other = await domain.unit();
    await expect(group.up({ ...program, organizationalUnit: other, adopt: true })).rejects.toThrow(
      /cannot be adopted.*must not move/,
    );
  });

  test("whose name belongs to an account is refused", async () => {
    const { name, group, program } = newGroup();
    await domain.admin.add(`CN=${name},${unit}`, { objectClass: "user", sAMAccountName: name });
    await expect(group.up({ ...program, adopt: true })).rejects.toThrow(/which is a user and no group/);
  });

  test("that is a distribution list is not adopted", async () => {
    const { name, group, program } = newGroup();
    await somebodyCreates(name, { groupType: "2" });
    await expect(group.up({ ...program, adopt: true })).rejects.toThrow(/distribution list/);
  });

  test("whose create was interrupted is continued, as the kit's own", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    const { objectGuid } = group.outputs;
    // The engine was killed before it saved the state.
    group.state = undefined;
    expect((await group.preview(program)).outputs).toMatchObject({ adopted: false });
    await group.up({ ...program, description: "second run" });
    expect(group.outputs).toMatchObject({ objectGuid, adopted: false, description: "second run" });
    await group.destroy();
    expect(await exists(domain, `CN=${name},${unit}`)).toBe(false);
  });

  test("with members that the kit did not add is not deleted, and they are named", async () => {
    const { name, group, program } = newGroup();
    await group.up(program);
    await setAttribute(domain, `CN=${name},${unit}`, "member", [`CN=Guest,CN=Users,${domain.baseDn}`]);
    await expect(group.destroy()).rejects.toThrow(/is not deleted: it has members that the kit did not add: CN=Guest/);
    expect(await exists(domain, `CN=${name},${unit}`)).toBe(true);
  });

  test("can be imported, and is then kept on destroy", async () => {
    const { name, group, program } = newGroup();
    const distinguishedName = await somebodyCreates(name);
    const { objectGUID } = await attributesOf(domain, distinguishedName);
    await group.import(objectGUID?.[0] as string);
    expect(await group.up({ ...program, scope: "Global" })).toBe("same");
    await group.destroy();
    expect(await exists(domain, distinguishedName)).toBe(true);
  });

  test("in an organizational unit that does not exist is refused with the reason", async () => {
    const { group, program } = newGroup();
    const missing = `OU=Missing,${domain.baseDn}`;
    await expect(group.up({ ...program, organizationalUnit: missing })).rejects.toThrow(/does not exist/);
  });

  test("outside the configured domain is refused in check", async () => {
    const { group, program } = newGroup();
    const elsewhere = { ...program, organizationalUnit: "OU=MFA,DC=fabrikam,DC=com" };
    await expect(group.preview(elsewhere)).rejects.toThrow(
      "organizationalUnit: must end with DC=corp,DC=contoso,DC=com, the configured domain",
    );
  });

  test("refuses malformed inputs in check", async () => {
    const { group } = newGroup();
    const program = { name: "x".repeat(65), organizationalUnit: "Groups", scope: "Local", colour: "red" };
    await expect(group.preview(program)).rejects.toThrow(
      /name: .*64[\s\S]*organizationalUnit: must be a distinguished name[\s\S]*scope: [\s\S]*colour: is not known/,
    );
  });
});
