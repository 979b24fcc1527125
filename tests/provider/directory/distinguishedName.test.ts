import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeValue, isBelow, parse } from "../../../provider/directory/distinguishedName.ts";

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
