import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  hasSecret,
  markEchoes,
  redact,
  restoreSecrets,
  secretTexts,
  unwrapSecrets,
} from "../../../provider/engine/secrets.ts";
import { Secret, type Value } from "../../../provider/engine/values.ts";

const name = fc.string().filter((text) => text !== "__proto__");
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string()),
    fc.array(tie("value")),
    fc.dictionary(name, tie("value"), { noNullPrototype: true }) as fc.Arbitrary<Value>,
    tie("value").map((inner) => new Secret(unwrapSecrets(inner))),
  ),
}));

describe("secret marks", () => {
  it("come back where they were when the value did not change", () => {
    fc.assert(
      fc.property(value, (marked) => {
        expect(restoreSecrets(unwrapSecrets(marked), marked)).toStrictEqual(marked);
      }),
    );
  });

  it("cover everything that stands where a secret stood, whatever it is now", () => {
    fc.assert(
      fc.property(value, value, (before, now) => {
        const plain = unwrapSecrets(now);
        const restored = restoreSecrets({ a: { b: plain }, c: 1 }, { a: { b: new Secret(before) }, c: 1 });
        expect(restored).toStrictEqual({ a: { b: new Secret(plain) }, c: 1 });
      }),
    );
  });

  it("spread over a list whose elements moved", () => {
    const stored = ["public", new Secret("private")];
    expect(restoreSecrets(["private", "public"], stored)).toEqual(new Secret(["private", "public"]));
    expect(restoreSecrets(["public", "private"], stored)).toEqual(stored);
  });

  it("change no value", () => {
    fc.assert(
      fc.property(value, value, (now, before) => {
        const plain = unwrapSecrets(now);
        expect(unwrapSecrets(restoreSecrets(plain, before))).toStrictEqual(plain);
        expect(hasSecret(unwrapSecrets(before))).toBe(false);
      }),
    );
  });

  it("follow a secret text to every place that echoes it", () => {
    const secrets = secretTexts({ password: new Secret("swordfish"), pin: new Secret("123"), user: "alice" });
    const echoed = markEchoes({ url: "https://u:swordfish@host", list: ["swordfish", "123"], user: "alice" }, secrets);
    expect(echoed).toEqual({
      url: new Secret("https://u:swordfish@host"),
      list: [new Secret("swordfish"), "123"],
      user: "alice",
    });
  });

  it("leave no secret text in a message", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 6, unit: fc.constantFrom("a", "b") })),
        fc.string(),
        (texts, between) => {
          const secrets = secretTexts(texts.map((text) => new Secret(text)));
          const message = redact(texts.join(between), secrets);
          for (const text of texts) expect(message).not.toContain(text);
        },
      ),
    );
  });
});
