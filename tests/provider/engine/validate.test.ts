import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeProblem, validate } from "../../../provider/engine/validate.ts";
import { Secret, UNKNOWN } from "../../../provider/engine/values.ts";

type Tree = string | number | string[] | { [name: string]: Tree };
const tree: z.ZodType<Tree> = z.lazy(() =>
  z.union([z.string(), z.number(), z.array(z.string()), z.record(z.string(), tree)]),
);

const schema = z.strictObject({
  name: z.string().min(1).max(4).optional(),
  scope: z.enum(["Global", "Universal"]).default("Global"),
  port: z.number().int().min(1).max(65535).optional(),
  share: z.number().gt(0).lt(1).optional(),
  url: z.url({ protocol: /^https$/ }).optional(),
  controller: z.string().startsWith("ldaps://").optional(),
  guid: z.guid().optional(),
  unit: z.string().regex(/^OU=/, "must be a distinguished name that begins with OU=").optional(),
  members: z
    .array(z.strictObject({ name: z.string(), enabled: z.boolean().default(true) }))
    .min(1)
    .optional(),
  settings: z.record(z.string(), tree).optional(),
  key: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("rsa"), bits: z.number() }),
      z.strictObject({ type: z.literal("ec"), curve: z.string() }),
    ])
    .optional(),
});

const problems = (value: unknown) => validate(schema, value).problems.map(describeProblem);

describe("validation", () => {
  it.each([
    [{ name: "" }, 'name: must have at least 1 character, not ""'],
    [{ name: "alice" }, 'name: must have at most 4 characters, not "alice"'],
    [{ name: 5 }, "name: must be text, not 5"],
    [{ scope: "Locl" }, 'scope: must be one of "Global", "Universal", not "Locl"'],
    [{ port: 0 }, "port: must be at least 1, not 0"],
    [{ port: 1.5 }, "port: must be a whole number, not 1.5"],
    [{ share: 1 }, "share: must be less than 1, not 1"],
    [{ url: "http://a" }, 'url: must be a URL whose scheme matches ^https$, not "http://a"'],
    [{ controller: "dc1" }, 'controller: must start with "ldaps://", not "dc1"'],
    [{ guid: "x" }, 'guid: must be a valid GUID, not "x"'],
    [{ unit: "CN=x" }, 'unit: must be a distinguished name that begins with OU=, not "CN=x"'],
    [{ members: [] }, "members: must have at least 1 element"],
    [{ members: "alice" }, 'members: must be a list, not "alice"'],
    [{ members: [{ name: "a" }, {}] }, "members[1].name: is required"],
    [
      { members: [{ nam: "a", name: "b" }] },
      'members[0].nam: is not known; did you mean "name"? (known: name, enabled)',
    ],
    [
      { settings: { "a.b": { c: true } } },
      'settings["a.b"].c: must be text or a number or a list or an object, not true',
    ],
    [{ key: { type: "dsa" } }, 'key.type: must be one of "rsa", "ec", not "dsa"'],
    [{ key: { type: "rsa", curve: "x" } }, "key.bits: is required"],
  ])("says what is wrong with %j and what is accepted", (value, message) => {
    expect(problems(value)).toContain(message);
  });

  it("finds all problems at once", () => {
    expect(problems({ scope: 1, port: 0, unknwn: 1, members: [{ name: 1 }, { enabled: "yes" }] })).toHaveLength(6);
  });

  it("offers no name that is not near", () => {
    expect(problems({ somethingElse: 1 })[0]).toMatch(/^somethingElse: is not known \(known: name, /);
  });

  it("repeats no secret", () => {
    const [problem] = problems({ port: new Secret(99_999), members: new Secret([{ name: 12_345 }]) });
    expect(problem).toBe("port: must be at most 65535");
    expect(problems({ members: new Secret([{ name: 12_345 }]) })).toEqual(["members[0].name: must be text"]);
  });

  it("takes a null for a property that is not set", () => {
    expect(validate(schema, { name: null, members: [{ name: "a", enabled: null }] })).toEqual({
      value: { scope: "Global", members: [{ name: "a", enabled: true }] },
      problems: [],
    });
  });

  it("passes what is unknown, and fills in the defaults around it", () => {
    const value = {
      name: UNKNOWN,
      port: new Secret(UNKNOWN),
      members: [{ name: UNKNOWN }],
      settings: { a: { b: UNKNOWN } },
    };
    const checked = validate(schema, value);
    expect(checked.problems).toEqual([]);
    expect(checked.value).toMatchObject({ scope: "Global", name: UNKNOWN, port: UNKNOWN });
    expect(problems({ key: UNKNOWN, members: UNKNOWN, settings: UNKNOWN })).toEqual([]);
  });

  it("still finds what is wrong whatever the unknown values will be", () => {
    const value = {
      name: UNKNOWN,
      scope: "x",
      members: [{ name: UNKNOWN, enabled: 1 }],
      settings: { a: UNKNOWN, b: true },
    };
    expect(validate(schema, value).problems.map(({ path }) => path)).toEqual([
      ["scope"],
      ["members", 0, "enabled"],
      ["settings", "b"],
    ]);
  });

  it("never finds more problems when a value is not known yet", () => {
    const right = fc.record({
      name: fc.string({ minLength: 1, maxLength: 4 }),
      port: fc.integer({ min: 1, max: 65535 }),
      members: fc.array(fc.record({ name: fc.string(), enabled: fc.boolean() }), { minLength: 1 }),
      settings: fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.oneof(fc.string(), fc.array(fc.string()))),
    });
    const hide = (value: unknown, at: number[]): unknown => {
      const [first, ...rest] = at;
      if (first === undefined || typeof value !== "object" || value === null) return UNKNOWN;
      const keys = Object.keys(value);
      const key = keys[first % Math.max(1, keys.length)];
      if (key === undefined) return UNKNOWN;
      const inner = hide((value as Record<string, unknown>)[key], rest);
      return Array.isArray(value) ? value.with(Number(key), inner) : { ...value, [key]: inner };
    };
    fc.assert(
      fc.property(right, fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 }), (value, at) => {
        expect(problems(hide(value, at))).toEqual([]);
      }),
    );
  });
});
