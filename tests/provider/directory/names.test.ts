import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groupAccountName } from "../../../provider/directory/accountName.ts";
import {
  child,
  comparisonKey,
  escapeValue,
  leafOf,
  parentOf,
  parse,
  sameName,
} from "../../../provider/directory/distinguishedName.ts";
import { startTestDomain, type TestDomain } from "../../support/samba.ts";
import { attributesOf } from "./readBack.ts";
import { DirectoryStack } from "./stack.ts";

/** Characters that mean something to distinguished names, filters, or their readers. */
const AWKWARD = [..."\"+,;<>=\\#*()/&|!~:' \u00e4\u00f6\u00df\u00e9\u6f22\u5b57\ud83d\udd11@$%[]{}^`.-_"];
const awkwardText = (maxLength: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(...AWKWARD), fc.constantFrom(..."abcXYZ019")), { minLength: 1, maxLength })
    .map((characters) => characters.join(""))
    .filter((text) => text.trim() !== "");

/** What chance may not find: every length limit, and the characters that only matter first or last. */
const NAMED: [string, string, string][] = [
  ['M\u00fcnchen, Abt. \u201eMFA\u201c + "Probe"', " #leading space", "#1 <a@b>; c=d\\"],
  [
    "\u793e\u54e1",
    "\u591a\u8981\u7d20\u8a8d\u8a3c\u306e\u5229\u7528\u8005",
    "\u{1f511}\u{1f469}\u{1f3fd}\u200d\u{1f4bb} keys",
  ],
  ["\u00e4".repeat(64), "\u6f22".repeat(64), "x".repeat(64)],
  ["\u{1f511}".repeat(32), ",".repeat(64), "+".repeat(63)],
];

describe("a distinguished name", () => {
  test("gives back every value that was escaped into it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), awkwardText(12), (value, container) => {
        const name = child("CN", value, child("OU", container, "DC=corp,DC=contoso,DC=com"));
        expect(parse(name)?.map((parts) => parts.map((part) => part.value))).toEqual([
          [value],
          [container],
          ["corp"],
          ["contoso"],
          ["com"],
        ]);
        expect(leafOf(name)).toBe(value);
        expect(parentOf(name)).toBe(child("OU", container, "DC=corp,DC=contoso,DC=com"));
      }),
    );
  });

  test("never has a comma, a plus or a quote of a value unescaped", () => {
    fc.assert(
      fc.property(awkwardText(20), (value) => {
        expect(escapeValue(value)).toMatch(/^(?:[^",+;<>=\\]|\\[0-9A-F]{2})*$/);
      }),
    );
  });

  test.each([
    ["CN=MFA Users,OU=MFA,DC=corp", "cn = mfa users , ou=MFA, dc=CORP"],
    ["CN=Doe\\, John,DC=corp", "CN=Doe\\2C John,DC=corp"],
    ['CN=\\#1 \\+ \\"x\\",DC=corp', "CN=\\231 \\2B \\22x\\22,DC=corp"],
    ["CN=M\\C3\\BCller,DC=corp", "CN=M\u00fcller,DC=corp"],
    ["CN=a+UID=1,DC=corp", "UID=1+CN=a,DC=corp"],
    ["CN=trailing\\ ,DC=corp", "CN=trailing\\20,DC=corp"],
  ])("%s is the same as %s", (one, other) => {
    expect(sameName(one, other)).toBe(true);
  });

  test.each([
    ["CN=a,DC=corp", "CN=b,DC=corp"],
    ["CN=a\\,b,DC=corp", "CN=a,CN=b,DC=corp"],
    ["OU=a,DC=corp", "CN=a,DC=corp"],
  ])("%s is another than %s", (one, other) => {
    expect(sameName(one, other)).toBe(false);
  });

  test.each(["Groups", "", "CN=", "CN=a,,DC=corp", "CN=a\\x,DC=corp", "=a,DC=corp", "1CN=a"])("%j is none", (text) => {
    expect(parse(text)).toBeUndefined();
  });
});

describe("against a domain controller", () => {
  let domain: TestDomain;
  let stack: DirectoryStack;

  beforeAll(async () => {
    domain = await startTestDomain();
    stack = new DirectoryStack(domain.connection());
  });

  afterAll(async () => {
    await stack.close();
    await domain.stop();
  });

  test("every name goes through create, rename, membership, import and delete", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(awkwardText(64), awkwardText(64), awkwardText(64), async (container, before, after) => {
        fc.pre(
          groupAccountName(before).toLowerCase() !== "guest" &&
            comparisonKey(`CN=${escapeValue(before)}`) !== comparisonKey(`CN=${escapeValue(after)}`),
        );
        run += 1;
        const unit = await domain.unit();
        const place = stack.resource("OrganizationalUnit", `place-${run}`);
        await place.up({ name: container, parent: unit });
        const organizationalUnit = place.outputs.distinguishedName as string;
        const group = stack.resource("Group", `group-${run}`);
        await group.up({ name: before, organizationalUnit });
        expect(await group.refresh()).toEqual([]);
        await group.up({ name: after, organizationalUnit });
        const found = await attributesOf(domain, `<GUID=${group.outputs.objectGuid}>`);
        expect(found.cn).toEqual([after]);
        expect(await group.refresh()).toEqual([]);

        const outer = stack.resource("Group", `outer-${run}`);
        await outer.up({ name: `outer ${run}`, organizationalUnit });
        const membership = stack.resource("Membership", `membership-${run}`);
        const members = [group.outputs.distinguishedName as string];
        await membership.up({ group: outer.outputs.objectGuid as string, members });
        expect(await membership.refresh()).toEqual([]);
        expect(membership.outputs.members).toEqual(members);

        const imported = stack.resource("Group", `group-${run}`);
        await imported.import(group.outputs.objectGuid as string);
        expect(imported.outputs).toMatchObject({ name: after, adopted: false });

        for (const resource of [membership, outer, imported, place]) await resource.destroy();
      }),
      // A failed run leaves objects behind, with which a shrunk one would collide.
      { numRuns: 25, endOnFailure: true, examples: NAMED },
    );
  });
});
