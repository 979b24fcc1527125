import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { structs } from "../../../provider/engine/protocol.ts";
import { decodePlain, decodeProperties, encodeProperties } from "../../../provider/engine/struct.ts";
import {
  Archive,
  Asset,
  hasUnknown,
  isUnknown,
  type Properties,
  ResourceReference,
  Secret,
  UNKNOWN,
  type Value,
} from "../../../provider/engine/values.ts";

/** google-protobuf keeps maps in plain objects and loses this one key. */
const name = fc.string().filter((text) => text !== "__proto__");
const plain = { noNullPrototype: true };
const text = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
const present = <T extends object>(source: T): T =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as T;

const asset = fc.record({ text, path: text, uri: text, hash: text }).map((source) => new Asset(present(source)));
const special: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(UNKNOWN),
  asset,
  fc
    .record({
      assets: fc.option(fc.dictionary(name, asset, plain), { nil: undefined }),
      path: text,
      uri: text,
      hash: text,
    })
    .map((source) => new Archive(present(source))),
  fc
    .tuple(fc.string({ minLength: 1 }), fc.oneof(fc.constant(UNKNOWN), text), fc.string())
    .map(([urn, id, version]) => new ResourceReference(urn, id, version)),
);
const { value } = fc.letrec<{ value: Value; object: Properties }>((tie) => ({
  object: fc.dictionary(name, tie("value"), plain) as fc.Arbitrary<Properties>,
  value: fc.oneof(
    { depthSize: "xsmall", withCrossShrink: true },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.string({ unit: "grapheme" }), special),
    fc.array(tie("value")),
    tie("object"),
    tie("value").map((inner) => new Secret(inner)),
  ),
}));
const properties = fc.dictionary(name, value, plain);

/** Over the wire and back. */
function transported(sent: Properties): Properties {
  return decodeProperties(structs.Struct.deserializeBinary(encodeProperties(sent).serializeBinary()));
}

describe("the value codec", () => {
  it("gives back what it was given, over the wire", () => {
    fc.assert(
      fc.property(properties, (sent) => {
        expect(transported(sent)).toStrictEqual(sent);
      }),
    );
  });

  it("finds an unknown value at any depth, and only then", () => {
    const mentions = (inner: Value | undefined): boolean => {
      if (inner === UNKNOWN) return true;
      if (inner instanceof Secret) return mentions(inner.value);
      if (inner instanceof ResourceReference) return inner.id === UNKNOWN;
      if (inner instanceof Asset || inner instanceof Archive) return false;
      return typeof inner === "object" && inner !== null && Object.values(inner).some(mentions);
    };
    fc.assert(
      fc.property(value, (any) => {
        expect(hasUnknown(any)).toBe(mentions(any));
      }),
    );
  });

  it("does not tell apart an absent property and one that is undefined", () => {
    expect(transported({ a: undefined, b: 1 })).toEqual({ b: 1 });
  });

  it("reads unknown values of every type, output values, and secrets of unknown values", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const output = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    expect(decodePlain("3eeb2bf0-c639-47a8-9e75-3b44932eb421")).toBe(UNKNOWN);
    expect(decodePlain({ ...output })).toBe(UNKNOWN);
    expect(decodePlain({ ...output, value: 5, dependencies: ["urn"] })).toBe(5);
    expect(decodePlain({ ...output, value: 5, secret: true })).toEqual(new Secret(5));
    const secret = decodePlain({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: unknown,
    });
    expect(isUnknown(secret)).toBe(true);
  });

  it("refuses what a state cannot hold, naming the property", () => {
    const encode = (wrong: unknown) => () => encodeProperties({ list: [{ "a.b": wrong }] });
    expect(encode(new Date())).toThrow('list[0]["a.b"] is a Date, which cannot be stored in a Pulumi state');
    expect(encode(10n)).toThrow("is a bigint");
    expect(encode(() => 1)).toThrow("is a function");
  });

  it("shows no secret in a text or in JSON by accident", () => {
    const secret = new Secret("swordfish");
    expect(`${secret} ${JSON.stringify({ secret })}`).not.toContain("swordfish");
  });
});
