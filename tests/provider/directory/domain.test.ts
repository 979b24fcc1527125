import fc from "fast-check";
import type { Entry } from "ldapts";
import { describe, expect, test } from "vitest";
import { DirectoryEntry } from "../../../provider/connections/ldapEntry.ts";
import { nextRange, rangedValues } from "../../../provider/connections/ldapRange.ts";
import { accountFlags, withAccountFlags } from "../../../provider/directory/accountControl.ts";
import { forbiddenInAccountName, groupAccountName } from "../../../provider/directory/accountName.ts";
import { isExpired, isoOfFileTime } from "../../../provider/directory/fileTime.ts";
import { scopeOf, scopeSteps, securityGroupType } from "../../../provider/directory/groupType.ts";
import { guidBytes, guidText, sidText } from "../../../provider/directory/identifiers.ts";
import { membershipChange } from "../../../provider/directory/membershipChange.ts";
import { ownershipMark } from "../../../provider/directory/ownership.ts";
import { generatePassword, unicodePwd } from "../../../provider/directory/password.ts";

describe("a generated password", () => {
  const passwords = Array.from({ length: 500 }, () => generatePassword("MfaWebService"));

  test("has 32 characters of all four classes", () => {
    for (const password of passwords) {
      expect(password).toHaveLength(32);
      for (const kind of [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/]) expect(password).toMatch(kind);
    }
  });

  test("has nothing that XML, configuration files, connection strings or shells take for syntax", () => {
    for (const password of passwords) expect(password).not.toMatch(/[&<>"'\\`$%;=,{}()[\]|^~#@:?/+\s]/);
  });

  test("is another one each time, with every class at every place", () => {
    expect(new Set(passwords).size).toBe(passwords.length);
    for (const kind of [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/]) {
      expect(passwords.some((password) => kind.test(password.charAt(0)))).toBe(true);
      expect(passwords.some((password) => kind.test(password.charAt(31)))).toBe(true);
    }
  });

  test("goes to the directory in quotes as UTF-16", () => {
    expect(unicodePwd("aé").toString("hex")).toBe("22006100e9002200");
  });
});

describe("identifiers", () => {
  test("objectGUID has its first three fields little-endian", () => {
    const bytes = Buffer.from("00112233445566778899aabbccddeeff", "hex");
    expect(guidText(bytes)).toBe("33221100-5544-7766-8899-aabbccddeeff");
  });

  test("objectGUID goes to text and back, in every spelling", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (array) => {
        const text = guidText(Buffer.from(array));
        expect(guidBytes(text)).toEqual(Buffer.from(array));
        expect(guidBytes(`{${text.toUpperCase()}}`)).toEqual(Buffer.from(array));
      }),
    );
  });

  test("objectSid is the text that Windows shows", () => {
    const bytes = Buffer.from("010500000000000515000000A065CF7E784B9B5FE77C8770091C0100", "hex");
    expect(sidText(bytes)).toBe("S-1-5-21-2127521184-1604012920-1887927527-72713");
  });

  test("the mark of a resource is stable and its own", () => {
    expect(ownershipMark("urn:a")).toMatch(/^mfakit:[0-9a-f]{16}$/);
    expect(ownershipMark("urn:a")).toBe(ownershipMark("urn:a"));
    expect(ownershipMark("urn:a")).not.toBe(ownershipMark("urn:b"));
  });
});

describe("times of the directory", () => {
  test("keep their 100 nanoseconds", () => {
    expect(isoOfFileTime("133485840001234567")).toBe("2024-01-01T12:00:00.1234567Z");
    expect(isoOfFileTime("0")).toBe("1601-01-01T00:00:00.0000000Z");
  });

  test.each([
    [undefined, false],
    ["0", false],
    ["9223372036854775807", false],
    ["133485840000000000", true],
    ["133485840000000001", false],
  ])("accountExpires %s at that moment: expired is %s", (accountExpires, expired) => {
    expect(isExpired(accountExpires, new Date("2024-01-01T12:00:00Z"))).toBe(expired);
  });
});

describe("group scopes", () => {
  test.each([
    ["Global", "Universal", ["Universal"]],
    ["Global", "DomainLocal", ["Universal", "DomainLocal"]],
    ["DomainLocal", "Global", ["Universal", "Global"]],
    ["Universal", "DomainLocal", ["DomainLocal"]],
    ["Global", "Global", []],
  ] as const)("from %s to %s", (from, to, steps) => {
    expect(scopeSteps(from, to)).toEqual(steps);
  });

  test("are read from groupType, security or distribution", () => {
    expect(scopeOf(securityGroupType("DomainLocal"))).toBe("DomainLocal");
    expect(securityGroupType("Global")).toBe("-2147483646");
    expect(scopeOf("8")).toBe("Universal");
  });
});

describe("userAccountControl", () => {
  test("changes the flags of the kit and no other", () => {
    const before = 0x200 | 0x2 | 0x20 | 0x40000;
    const after = Number(withAccountFlags(String(before), { enabled: true, passwordNeverExpires: true }));
    expect(after).toBe(0x200 | 0x10000 | 0x40000);
    expect(accountFlags(String(after))).toEqual({ enabled: true, passwordNeverExpires: true });
    expect(accountFlags("514")).toEqual({ enabled: false, passwordNeverExpires: false });
  });
});

describe("account names", () => {
  test.each(["a/b", "a@b", "a,b", "ends.", " begins", "ends ", "a\u0007b"])("%j is refused", (name) => {
    expect(forbiddenInAccountName(name)).toBeDefined();
  });

  test("of groups never have a character that is refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 64 }), (name) => {
        expect(forbiddenInAccountName(groupAccountName(name))).toBeUndefined();
      }),
    );
    expect(groupAccountName("Admins, EMEA")).toBe("Admins_ EMEA");
  });
});

describe("the difference of a membership", () => {
  const keys = fc.uniqueArray(fc.constantFrom(..."abcdefgh")).map((list) => new Set(list));

  test("leads to the declared state whatever was there", () => {
    fc.assert(
      fc.property(keys, keys, keys, fc.boolean(), (declared, present, addedByKit, exclusive) => {
        const change = membershipChange({ declared, present, addedByKit, exclusive });
        const after = new Set([...present].filter((key) => !change.remove.includes(key)).concat(change.add));
        for (const key of declared) expect(after).toContain(key);
        if (exclusive) expect([...after].toSorted()).toEqual([...declared].toSorted());
        const strangers = [...present].filter((key) => !addedByKit.has(key));
        if (!exclusive) for (const key of strangers) expect(after).toContain(key);
        for (const key of change.add) expect(present).not.toContain(key);
        for (const key of change.remove) expect(present).toContain(key);
      }),
    );
  });
});

describe("values that come in ranges", () => {
  const entry = (attributes: Record<string, string[]>) => new DirectoryEntry({ dn: "CN=x", ...attributes } as Entry);

  test("are asked for until the last range", () => {
    const first = entry({ "member;range=0-1": ["a", "b"], "member;range=0-1499": [] });
    expect(rangedValues(first, "member")).toEqual(["a", "b"]);
    expect(nextRange(first, "member")).toBe("member;range=2-1501");
    const last = entry({ "member;range=2-*": ["c"] });
    expect(rangedValues(last, "member")).toEqual(["c"]);
    expect(nextRange(last, "member")).toBeUndefined();
  });

  test("end when there are none", () => {
    const none = entry({ "member;range=0-1499": [] });
    expect(rangedValues(none, "member")).toEqual([]);
    expect(nextRange(none, "member")).toBeUndefined();
  });

  test("may come whole", () => {
    const whole = entry({ member: ["a"] });
    expect(rangedValues(whole, "member")).toEqual(["a"]);
    expect(nextRange(whole, "member")).toBeUndefined();
  });
});
