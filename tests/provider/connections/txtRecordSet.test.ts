import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type TxtRecordSet, textsOf, withoutValues, withValues } from "../../../provider/connections/txtRecordSet.ts";

const OWNER = "mfakit-0123456789abcdef";
const OTHER = "mfakit-fedcba9876543210";

/** Challenge values as RFC 8555 makes them: 43 letters of base64url. */
const challenge = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/);
const challenges = fc.uniqueArray(challenge, { minLength: 1, maxLength: 3 });
/** What others keep there: any text, also in several strings. */
const foreignRecord = fc.record({ value: fc.array(fc.string({ maxLength: 60 }), { minLength: 1, maxLength: 3 }) });
const foreignSet: fc.Arbitrary<TxtRecordSet | undefined> = fc.option(
  fc.record({
    etag: fc.string(),
    properties: fc.record({
      TTL: fc.integer({ min: 1, max: 86_400 }),
      TXTRecords: fc.array(foreignRecord, { minLength: 1, maxLength: 5 }),
      metadata: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.string(), { maxKeys: 3 }),
    }),
  }),
  { nil: undefined },
);

describe("the merge of challenge values into a TXT record set", () => {
  test("adding and removing leaves exactly what others had", () => {
    fc.assert(
      fc.property(foreignSet, challenges, (before, values) => {
        const during = withValues(before, OWNER, values);
        for (const value of values) expect(textsOf(during)).toContain(value);
        for (const text of textsOf(before)) expect(textsOf(during)).toContain(text);
        expect(during.properties.TTL).toBe(before?.properties.TTL ?? 10);

        expect(withoutValues(during, OWNER)).toEqual(before);
      }),
    );
  });

  test("values of an interrupted run go when the next one writes, and values of another owner stay", () => {
    fc.assert(
      fc.property(foreignSet, challenges, challenges, challenges, (before, left, others, next) => {
        fc.pre(new Set([...left, ...others, ...next]).size === left.length + others.length + next.length);
        const interrupted = withValues(withValues(before, OTHER, others), OWNER, left);
        const during = withValues(interrupted, OWNER, next);
        expect(textsOf(during).toSorted()).toEqual([...textsOf(before), ...others, ...next].toSorted());
        expect(withoutValues(withoutValues(during, OWNER), OTHER)).toEqual(before);
      }),
    );
  });

  test("writing the same twice is writing it once", () => {
    fc.assert(
      fc.property(foreignSet, challenges, (before, values) => {
        const once = withValues(before, OWNER, values);
        expect(withValues(once, OWNER, values)).toEqual(once);
      }),
    );
  });

  test("a set without anything of the owner is not touched", () => {
    fc.assert(
      fc.property(foreignSet, (before) => {
        expect(withoutValues(before, OWNER)).toBe(before);
      }),
    );
  });

  test("removes only its own values even when somebody else added one meanwhile", () => {
    const during = withValues(undefined, OWNER, ["own"]);
    during.properties.TXTRecords?.push({ value: ["for", "eign"] });
    expect(textsOf(withoutValues(during, OWNER))).toEqual(["foreign"]);
  });
});
