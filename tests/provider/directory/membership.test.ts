import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { attributesOf, setAttribute } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

const NOW = new Date("2026-06-01T12:00:00Z");

let domain: TestDomain;
let stack: DirectoryStack;
let unit: string;
let counter = 0;

beforeAll(async () => {
  domain = await startTestDomain();
  stack = new DirectoryStack(domain.connection(), () => NOW);
  unit = await domain.unit();
  await addPerson("alice", { mobile: "+49 1512 3456789" });
  await addPerson("bob", { mobile: "+49 1512 3456780" });
  await addPerson("carol");
  await addPerson("dave", { mobile: "0151-2345" });
  await addPerson("erin", { mobile: "+1 425 555 0100", userAccountControl: "514" });
  // 2020-01-01, long before the tests' present.
  await addPerson("frank", { mobile: "+44 7911 123456", accountExpires: "132223104000000000" });
  await addPerson("henry", { mobile: "+1 425 555 0100 x890" });
  await domain.admin.add(`CN=grace,${unit}`, {
    objectClass: "user",
    sAMAccountName: "grace",
    mobile: "+44 7911 123457",
    userAccountControl: "544",
  });
  await domain.admin.add(`CN=HOST01,${unit}`, {
    objectClass: "computer",
    sAMAccountName: "HOST01$",
    userAccountControl: "4096",
  });
});

afterAll(async () => {
  await stack.close();
  await domain.stop();
});

async function addPerson(name: string, attributes: Record<string, string> = {}): Promise<void> {
  await domain.admin.add(person(name), {
    objectClass: "user",
    sAMAccountName: name,
    userPrincipalName: `${name}@corp.contoso.com`,
    // NORMAL_ACCOUNT | PASSWD_NOTREQD: enabled without a password
    userAccountControl: "544",
    ...attributes,
  });
}

function person(name: string): string {
  return `CN=${name},${unit}`;
}

/** A group of a test's own, made by the kit or by somebody else. */
async function newGroup(members: string[] = []) {
  counter += 1;
  const name = `Members ${counter}`;
  await domain.admin.add(`CN=${name},${unit}`, {
    objectClass: "group",
    sAMAccountName: name,
    groupType: "-2147483646",
    ...(members.length > 0 && { member: members.map(person) }),
  });
  return { name, membership: stack.resource("Membership", `members-${counter}`), present: () => membersOf(name) };
}

async function membersOf(group: string): Promise<string[]> {
  const { member = [] } = await attributesOf(domain, `CN=${group},${unit}`);
  return member.map((name) => /^CN=([^,]+)/.exec(name)?.[1] ?? name).toSorted();
}

describe("an additive membership", () => {
  test("adds who is missing, keeps others, and removes on destroy only whom it added", async () => {
    const { name, membership, present } = await newGroup(["bob", "dave"]);
    const program = { group: name, members: ["alice", "bob"] };
    const planned = await membership.preview(program);
    expect(planned).toMatchObject({
      action: "create",
      outputs: { members: ["alice", "bob"], people: [], unready: [] },
    });
    expect(await present()).toEqual(["bob", "dave"]);

    await membership.up(program);
    expect(await present()).toEqual(["alice", "bob", "dave"]);
    expect(membership.outputs).toMatchObject({ group: name, members: ["alice", "bob"] });
    expect(membership.state?.id).toBe((await attributesOf(domain, `CN=${name},${unit}`)).objectGUID?.[0]);
    expect(await membership.refresh()).toEqual([]);
    expect(await membership.up(program)).toBe("same");

    await membership.destroy();
    expect(await present()).toEqual(["bob", "dave"]);
  });

  test("removes a member that the kit added and the program dropped, not one that was there before", async () => {
    const { name, membership, present } = await newGroup(["bob"]);
    await membership.up({ group: name, members: ["alice", "bob", "carol"] });
    await membership.up({ group: name, members: ["carol"] });
    expect(await present()).toEqual(["bob", "carol"]);
  });

  test("shows a member that somebody removed as drift, and adds it again", async () => {
    const { name, membership, present } = await newGroup();
    const program = { group: name, members: ["alice", "bob"] };
    await membership.up(program);
    await setAttribute(domain, `CN=${name},${unit}`, "member", [person("alice")]);
    expect(await membership.refresh()).toEqual(["members"]);
    expect(membership.outputs.members).toEqual(["alice"]);
    expect(await membership.up(program)).toBe("update");
    expect(await present()).toEqual(["alice", "bob"]);
    expect(await membership.refresh()).toEqual([]);
    await membership.destroy();
    expect(await present()).toEqual([]);
  });

  test("is silent about members that somebody else added", async () => {
    const { name, membership } = await newGroup();
    await membership.up({ group: name, members: ["alice"] });
    await setAttribute(domain, `CN=${name},${unit}`, "member", [person("alice"), person("bob")]);
    expect(await membership.refresh()).toEqual([]);
  });

  test("takes members by distinguished name, account name, principal name, objectGUID, and computers", async () => {
    const { name, membership, present } = await newGroup();
    const { objectGUID } = await attributesOf(domain, person("dave"));
    const members = [
      person("alice").replace("CN=", "cn = ").replace(",OU", ", ou"),
      "BOB",
      "Carol@corp.contoso.com",
      objectGUID?.[0] as string,
      "HOST01$",
      // grace has no userPrincipalName; the directory derives this one.
      "grace@corp.contoso.com",
    ];
    await membership.up({ group: name, members });
    expect(await present()).toEqual(["HOST01", "alice", "bob", "carol", "dave", "grace"]);
    expect(membership.outputs.members).toEqual(members);
    expect(await membership.refresh()).toEqual([]);
  });

  test("settles when somebody adds and removes the same members at the same time", async () => {
    const { name, membership, present } = await newGroup(["alice"]);
    const rival = stack.resource("Membership", `rival-${counter}`);
    await Promise.all([
      membership.up({ group: name, members: ["alice", "bob", "carol"] }),
      rival.up({ group: name, members: ["bob", "carol"] }),
    ]);
    expect(await present()).toEqual(["alice", "bob", "carol"]);
    await Promise.all([membership.destroy(), rival.destroy()]);
    // Each of the two was added by one of them, alice by neither.
    expect(await present()).toEqual(["alice"]);
  });

  test("finds its member after it was renamed and moved", async () => {
    const { name, membership } = await newGroup();
    await addPerson(`nomad${counter}`);
    const program = { group: name, members: [`nomad${counter}`] };
    await membership.up(program);
    const other = await domain.unit();
    await domain.admin.modifyDN(person(`nomad${counter}`), `CN=Settled,${other}`);
    expect(await membership.refresh()).toEqual([]);
    await membership.destroy();
    expect(await membersOf(name)).toEqual([]);
  });
});

describe("an exclusive membership", () => {
  test("leaves exactly the declared members, and shows an extra one as drift", async () => {
    const { name, membership, present } = await newGroup(["dave", "erin"]);
    const program = { group: name, members: ["alice", "bob"], exclusive: true };
    await membership.up(program);
    expect(await present()).toEqual(["alice", "bob"]);
    await setAttribute(domain, `CN=${name},${unit}`, "member", ["alice", "bob", "carol"].map(person));
    expect(await membership.refresh()).toEqual(["members"]);
    expect(membership.state?.inputs.members).toEqual(["alice", "bob", "carol"]);
    await membership.up(program);
    expect(await present()).toEqual(["alice", "bob"]);
  });
});

describe("the members that a program names", () => {
  test("are refused in preview when the directory does not have them, all by name", async () => {
    const { name, membership } = await newGroup();
    const program = { group: name, members: ["alice", "nobody", "no.one@corp.contoso.com"] };
    await expect(membership.preview(program)).rejects.toThrow(
      /nobody, no\.one@corp\.contoso\.com cannot be members of Members/,
    );
    await expect(membership.up(program)).rejects.toThrow(/nobody, no\.one/);
    expect(await membersOf(name)).toEqual([]);
  });

  test("may be a computer that joins later, in a preview alone", async () => {
    const { name, membership } = await newGroup();
    const program = { group: name, members: ["MFADEV01$"] };
    expect((await membership.preview(program)).outputs).toMatchObject({ members: ["MFADEV01$"] });
    await expect(membership.up(program)).rejects.toThrow(/MFADEV01\$ cannot be a member/);
  });

  test("may be unknown in a preview, as may the group", async () => {
    const { membership } = await newGroup();
    const planned = await membership.preview({ group: UNKNOWN, members: ["alice", UNKNOWN], checkReadiness: true });
    expect(planned.outputs).toMatchObject({ members: UNKNOWN, people: UNKNOWN, unready: UNKNOWN });
    await expect(membership.preview({ group: UNKNOWN, members: ["nobody", UNKNOWN] })).rejects.toThrow(/nobody/);
  });
});

describe("readiness", () => {
  const expected = [
    { name: "carol", reasons: ["noMobile"] },
    { name: "dave", reasons: ["unreadableMobile"] },
    { name: "erin", reasons: ["disabled"] },
    { name: "frank", reasons: ["expired"] },
    { name: "grace", reasons: ["noUserPrincipalName"] },
    { name: "henry", reasons: ["mobileWithExtension"] },
  ];

  test("names everybody of the group who cannot use MFA, and why, nested groups too", async () => {
    const inner = await newGroup(["dave", "erin", "grace", "henry"]);
    const { name, membership } = await newGroup(["alice", "frank"]);
    await membership.up({ group: name, members: ["bob", "carol", inner.name, "HOST01$"], checkReadiness: true });
    expect(membership.outputs.people).toEqual(["alice", "bob", "carol", "dave", "erin", "frank", "grace", "henry"]);
    expect(membership.outputs.unready).toEqual(
      expected.map((each) => ({ ...each, distinguishedName: person(each.name) })),
    );
  });

  test("counts everybody once, however deep the groups nest and although they contain each other", async () => {
    const innermost = await newGroup(["dave", "alice"]);
    const inner = await newGroup(["carol"]);
    const { name, membership } = await newGroup(["alice"]);
    await membership.up({ group: name, members: [inner.name], checkReadiness: true });
    await inner.membership.up({ group: inner.name, members: [innermost.name] });
    await innermost.membership.up({ group: innermost.name, members: [name] });
    await membership.refresh();
    expect(membership.outputs.people).toEqual(["alice", "carol", "dave"]);
  });

  test("is known in preview: of those who are in the group and of those who will be", async () => {
    const inner = await newGroup(["dave"]);
    const { name, membership } = await newGroup(["alice", "frank"]);
    const program = { group: name, members: ["bob", "carol", inner.name, "MFADEV01$"], checkReadiness: true };
    const { outputs } = await membership.preview(program);
    expect(outputs.people).toEqual(["alice", "bob", "carol", "dave", "frank"]);
    expect(outputs.unready).toMatchObject([{ name: "carol" }, { name: "dave" }, { name: "frank" }]);
  });

  test("is known in preview for a group that does not exist yet", async () => {
    const { membership } = await newGroup();
    const { outputs } = await membership.preview({ group: UNKNOWN, members: ["alice", "carol"], checkReadiness: true });
    expect(outputs).toMatchObject({ people: ["alice", "carol"], unready: [{ name: "carol", reasons: ["noMobile"] }] });
  });

  test("follows the directory at each refresh", async () => {
    const { name, membership } = await newGroup();
    await addPerson(`phone${counter}`, { mobile: "+49 1512 3456700" });
    await membership.up({ group: name, members: [`phone${counter}`], checkReadiness: true });
    expect(membership.outputs.unready).toEqual([]);
    await setAttribute(domain, person(`phone${counter}`), "mobile", []);
    await membership.refresh();
    expect(membership.outputs.unready).toMatchObject([{ reasons: ["noMobile"] }]);
  });
});

describe("the group of a membership", () => {
  test("is replaced by another, whose members alone remain", async () => {
    const first = await newGroup();
    const second = await newGroup();
    await first.membership.up({ group: first.name, members: ["alice"] });
    const planned = await first.membership.preview({ group: second.name, members: ["alice"] });
    expect(planned).toMatchObject({ action: "replace", changes: ["group"] });
    await first.membership.up({ group: second.name, members: ["alice"] });
    expect(await first.present()).toEqual([]);
    expect(await second.present()).toEqual(["alice"]);
  });

  test("named in another way is the same group", async () => {
    const { name, membership } = await newGroup();
    await membership.up({ group: name, members: ["alice"] });
    const guid = membership.state?.id as string;
    expect(await membership.up({ group: `CN=${name},${unit}`, members: ["alice"] })).toBe("same");
    expect(await membership.up({ group: guid.toUpperCase(), members: ["alice"] })).toBe("same");
  });

  test("that is gone ends the membership", async () => {
    const { name, membership } = await newGroup();
    await membership.up({ group: name, members: ["alice"] });
    await domain.admin.del(`CN=${name},${unit}`);
    await expect(membership.up({ group: name, members: ["alice", "bob"] })).rejects.toThrow(/no such group/);
    expect(await membership.refresh()).toBe("gone");
  });

  test("that does not exist, or is no group, is refused", async () => {
    const { membership } = await newGroup();
    await expect(membership.up({ group: "No Such Group", members: ["alice"] })).rejects.toThrow(/no such group/);
    await expect(membership.up({ group: "bob", members: ["alice"] })).rejects.toThrow(/is a user and no group/);
  });

  test("that the kit created loses every declared member on destroy, also after an interrupted create", async () => {
    counter += 1;
    const group = stack.resource("Group", `own-${counter}`);
    await group.up({ name: `Own ${counter}`, organizationalUnit: unit });
    const membership = stack.resource("Membership", `own-${counter}`);
    const program = { group: group.outputs.objectGuid as string, members: ["alice", "bob"] };
    await membership.up(program);
    membership.state = undefined;
    await membership.up(program);
    await membership.destroy();
    await group.destroy();
  });

  test("is imported with all its members", async () => {
    const { name, membership } = await newGroup(["bob", "alice"]);
    await membership.import(name);
    expect(membership.state?.inputs).toMatchObject({ members: ["alice", "bob"], exclusive: false });
    expect(await membership.up({ group: name, members: ["alice", "bob"] })).toBe("same");
  });
});
