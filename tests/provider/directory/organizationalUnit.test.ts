import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { attributesOf, exists, setAttribute } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

let domain: TestDomain;
let stack: DirectoryStack;
let parent: string;
let counter = 0;

beforeAll(async () => {
  domain = await startTestDomain();
  stack = new DirectoryStack(domain.connection());
  parent = await domain.unit();
});

afterAll(async () => {
  await stack.close();
  await domain.stop();
});

function newUnit() {
  counter += 1;
  const name = `Unit ${counter}`;
  const distinguishedName = `OU=${name},${parent}`;
  const unit = stack.resource("OrganizationalUnit", `unit-${counter}`);
  return { name, distinguishedName, unit, program: { name, parent } };
}

describe("an organizational unit", () => {
  test("is created, found unchanged, and deleted", async () => {
    const { unit, program, distinguishedName } = newUnit();
    expect((await unit.preview({ ...program, description: "of the kit" })).outputs).toMatchObject({
      adopted: false,
      objectGuid: UNKNOWN,
    });
    await unit.up({ ...program, description: "of the kit" });
    const found = await attributesOf(domain, distinguishedName);
    expect(found.description).toEqual(["of the kit"]);
    expect(unit.outputs).toMatchObject({ distinguishedName, objectGuid: found.objectGUID?.[0], adopted: false });
    expect(await unit.refresh()).toEqual([]);
    expect(await unit.up({ ...program, description: "of the kit" })).toBe("same");
    await unit.destroy();
    expect(await exists(domain, distinguishedName)).toBe(false);
  });

  test("keeps its objectGUID through a rename and a move, and what is in it moves along", async () => {
    const { name, unit, program, distinguishedName } = newUnit();
    await unit.up(program);
    const { objectGuid } = unit.outputs;
    await domain.admin.add(`OU=Inner,${distinguishedName}`, { objectClass: "organizationalUnit" });
    const other = await domain.unit();
    await unit.up({ name: `${name} renamed`, parent: other });
    expect((await attributesOf(domain, `OU=${name} renamed,${other}`)).objectGUID).toEqual([objectGuid]);
    expect(await exists(domain, `OU=Inner,OU=${name} renamed,${other}`)).toBe(true);
  });

  test("that somebody renamed is found and brought back", async () => {
    const { unit, program, distinguishedName } = newUnit();
    await unit.up(program);
    await domain.admin.modifyDN(distinguishedName, `OU=Elsewhere ${counter},${parent}`);
    expect(await unit.refresh()).toEqual(["name"]);
    await unit.up(program);
    expect(await exists(domain, distinguishedName)).toBe(true);
  });

  test("shows a changed description as drift", async () => {
    const { unit, program, distinguishedName } = newUnit();
    await unit.up({ ...program, description: "declared" });
    await setAttribute(domain, distinguishedName, "description", []);
    expect(await unit.refresh()).toEqual(["description"]);
    await unit.up({ ...program, description: "declared" });
    expect((await attributesOf(domain, distinguishedName)).description).toEqual(["declared"]);
  });

  test("that is not empty is not deleted, and what it holds is named", async () => {
    const { unit, program, distinguishedName } = newUnit();
    await unit.up(program);
    await domain.admin.add(`OU=Inner,${distinguishedName}`, { objectClass: "organizationalUnit" });
    await expect(unit.destroy()).rejects.toThrow(/is not deleted: it holds OU=Inner/);
    expect(await exists(domain, distinguishedName)).toBe(true);
  });

  test("of somebody else is refused in preview, adopted when the program says so, and outlives destroy", async () => {
    const { unit, program, distinguishedName } = newUnit();
    await domain.admin.add(distinguishedName, { objectClass: "organizationalUnit" });
    await expect(unit.preview(program)).rejects.toThrow(/exists already.*adopt: true/);
    const { objectGUID } = await attributesOf(domain, distinguishedName);
    expect((await unit.preview({ ...program, adopt: true })).outputs).toMatchObject({
      adopted: true,
      objectGuid: objectGUID?.[0],
    });
    await unit.up({ ...program, adopt: true });
    await unit.destroy();
    expect(await exists(domain, distinguishedName)).toBe(true);
  });

  test("whose create was interrupted is continued, as the kit's own", async () => {
    const { unit, program, distinguishedName } = newUnit();
    await unit.up(program);
    unit.state = undefined;
    await unit.up(program);
    expect(unit.outputs.adopted).toBe(false);
    await unit.destroy();
    expect(await exists(domain, distinguishedName)).toBe(false);
  });
});
