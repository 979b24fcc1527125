import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparisonKey, escapeValue, isBelow, parse } from "../../../provider/directory/distinguishedName.ts";

function hexPairs(text: string): string {
  return [...Buffer.from(text, "utf8")].map((byte) => `\\${byte.toString(16).padStart(2, "0")}`).join("");
}

describe("distinguished names", () => {
  const value = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((text) => text.isWellFormed());

  it("give back every value that was put in", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const name = values.map((text) => `OU=${escapeValue(text)}`).join(",");
        expect(parse(name)?.map(([part]) => part?.value)).toEqual(values);
      }),
      // A space that is not U+0020 belongs to the value.
      { examples: [[["\u00a0a", "a\u3000"]]] },
    );
  });

  it("are the same when they differ in case, blanks around separators and the way of escaping", () => {
    const word = fc.string({
      minLength: 1,
      maxLength: 10,
      unit: fc.constantFrom(..."aZ09-_.'()@&/:\u00fc\u65e5#=;<>+,"),
    });
    const values = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (components) => {
        const name = components.map((text) => `OU=${escapeValue(text)}`).join(",");
        const everyByte = (text: string) => text.replace(/[\s\S]/gu, (one) => hexPairs(one.toLowerCase()));
        const other = components.map((text) => ` ou = ${everyByte(text)}`).join(" ,");
        expect(comparisonKey(other)).toBe(comparisonKey(name));
      }),
    );
    expect(comparisonKey("OU=a b,DC=c")).not.toBe(comparisonKey("OU=ab,DC=c"));
  });

  it("lie inside a domain whatever their case and blanks", () => {
    const domain = "DC=corp,DC=contoso,DC=com";
    expect(isBelow("ou=a\\,b, dc=Corp ,DC=contoso,dc=com", domain)).toBe(true);
    for (const other of [
      "OU=a,DC=contoso,DC=com",
      "DC=contoso,DC=com",
      "DC=corp",
      "OU=a\\,DC=corp,DC=contoso,DC=com",
    ]) {
      expect(isBelow(other, domain)).toBe(false);
    }
  });

  it.each(["", "Servers", "OU=", "OU=a,", "=a", "OU=a,,DC=b", "OU=a\\"])("are not: %j", (text) => {
    expect(parse(text)).toBeUndefined();
  });
});
