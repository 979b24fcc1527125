import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareInputs, topOf, withoutIgnored } from "../../../provider/engine/difference.ts";
import { formatPath, UNKNOWN } from "../../../provider/engine/values.ts";

describe("the default difference", () => {
  it("names each property that differs, at its depth", () => {
    const before = { same: { a: [1] }, text: "a", gone: 1, tags: { "a.b": "1", c: "2" }, list: [1, 2, 3] };
    const after = { same: { a: [1] }, text: "b", fresh: 1, tags: { "a.b": "9", d: "2" }, list: [1, 5] };
    expect(compareInputs(before, after).changes).toEqual({
      text: "update",
      gone: "delete",
      fresh: "add",
      'tags["a.b"]': "update",
      "tags.c": "delete",
      "tags.d": "add",
      "list[1]": "update",
      "list[2]": "delete",
    });
  });

  it("replaces for the properties that cannot change in place", () => {
    const options = { replaceOn: ["zone", "none"], deleteBeforeReplace: true };
    expect(compareInputs({ zone: { id: 1 }, text: "a" }, { zone: { id: 2 }, text: "b" }, options)).toEqual({
      changes: { "zone.id": "update-replace", text: "update" },
      deleteBeforeReplace: true,
    });
  });

  it("counts a value that is not known yet as a change", () => {
    expect(compareInputs({ a: [1, 2] }, { a: [1, UNKNOWN], b: UNKNOWN }).changes).toEqual({
      "a[1]": "update",
      b: "add",
    });
  });

  it("is empty for equal inputs, and never for different ones", () => {
    const inputs = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        expect(compareInputs(before, structuredClone(before)).changes).toEqual({});
        const differ = JSON.stringify(sorted(before)) !== JSON.stringify(sorted(after));
        expect(Object.keys(compareInputs(before, after).changes).length > 0).toBe(differ);
      }),
    );
  });

  it("finds the top property of every path that it writes", () => {
    const step = fc.oneof(fc.string({ minLength: 1 }), fc.nat());
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(step), (top, rest) => {
        expect(topOf(formatPath([top, ...rest]))).toBe(top);
      }),
    );
  });

  it("leaves out what the program ignores, and everything below it", () => {
    const changes = {
      "a.b": "update",
      "a.c[0].d": "add",
      "list[1].x": "update",
      "list[2].y": "update",
      z: "delete",
    } as const;
    const kept = withoutIgnored({ changes: { ...changes } }, ["a.c", "list[*].x", 'z["other"]']).changes;
    expect(Object.keys(kept)).toEqual(["a.b", "list[2].y", "z"]);
  });
});

/** JSON with names in order; -0 and 0 are the same in JSON but not as values, so it is written out. */
function sorted(value: unknown): unknown {
  if (Object.is(value, -0)) return "minus zero";
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, element]) => [name, sorted(element)]);
}
