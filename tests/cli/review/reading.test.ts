import fc from "fast-check";
import { expect, test } from "vitest";
import { readElements } from "../../../cli/review/input/jsonElements.ts";
import { masked } from "../../../cli/review/input/masked.ts";
import { declaredAt } from "../../../cli/review/input/position.ts";
import { projectDirectory } from "../../support/environment.ts";
import { secret } from "./documents.ts";

/** The text in pieces of these lengths, over and over. */
async function* pieces(text: string, lengths: readonly number[]): AsyncGenerator<string> {
  for (let start = 0, index = 0; start < text.length; index += 1) {
    const length = lengths[index % lengths.length] ?? 1;
    yield text.slice(start, start + length);
    start += length;
  }
}

test("reads the same elements as JSON.parse, however the text is cut", async () => {
  const document = fc.record({
    version: fc.integer(),
    before: fc.jsonValue({ maxDepth: 3 }),
    deployment: fc.record({
      manifest: fc.jsonValue({ maxDepth: 2 }),
      resources: fc.array(fc.jsonValue({ maxDepth: 4 })),
    }),
    resources: fc.array(fc.jsonValue({ maxDepth: 2 })),
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(document, cuts, fc.constantFrom(undefined, 2), async (given, lengths, indent) => {
      const text = JSON.stringify(given, undefined, indent);
      const read: unknown[] = [];
      const shape = await readElements(pieces(text, lengths), ["deployment.resources"], (element) =>
        read.push(element),
      );
      expect(read).toEqual(JSON.parse(text).deployment.resources);
      expect([...shape.keys]).toEqual(Object.keys(given));
      expect(shape.root).toBe("object");
    }),
    { numRuns: 200 },
  );
});

test("a text that is cut off is refused wherever the cut is", async () => {
  const text = JSON.stringify({
    deployment: { resources: [{ urn: "a", list: [1.5, true, null], "€": '\\" \u20ac' }] },
  });
  for (let length = 0; length < text.length; length += 1) {
    const read = readElements(pieces(text.slice(0, length), [7]), ["deployment.resources"], () => undefined);
    await expect(read, text.slice(0, length)).rejects.toThrow();
  }
});

test("no content of a secret is left, wherever it is", () => {
  const hidden = "THE-SECRET-CONTENT";
  const envelope = fc.constantFrom(
    secret({ ciphertext: hidden }),
    secret({ plaintext: JSON.stringify(hidden) }),
    secret({ plaintext: JSON.stringify({ inside: [hidden] }) }),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      envelope,
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie("tree")),
      fc.dictionary(fc.string(), tie("tree")),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const text = JSON.stringify(masked(value)) ?? "";
      expect(text).not.toContain(hidden);
      const count = (of: unknown) => (JSON.stringify(of) ?? "").split("4dabf18193072939515e22adb298388d").length;
      expect(count(masked(value))).toBe(count(value));
    }),
  );
});

test.each<[title: string, positions: string[], found: string | undefined]>([
  ["a program in CommonJS", ["project:///index.ts#12,4"], "index.ts:12"],
  [
    "a program in ES modules elsewhere",
    ["project:///file:/build/7/s/components/platform/Network.ts#9,2"],
    "components/platform/Network.ts:9",
  ],
  ["packages", ["project:///node_modules/@pulumi/pulumi/resource.js#1,1", "project:///index.ts#3,1"], "index.ts:3"],
  [
    "the kit's resource classes",
    ["project:///file:/x/provider/dsc/declare.ts#30,3", "project:///file:/x/components/platform/WebServer.ts#7,1"],
    "components/platform/WebServer.ts:7",
  ],
  ["a file outside the project", ["project:///../../etc/passwd#1,1"], undefined],
  ["a line that is none", ["project:///index.ts#0,0", "project:///index.ts"], undefined],
  ["percent signs", ["project:///a%20b.ts#2,1", "project:///100%.ts#1,1"], "a b.ts:2"],
])("finds where a resource is declared: %s", (_, positions, found) => {
  const place = declaredAt(positions, projectDirectory);
  expect(place && `${place.file}:${place.line}`).toBe(found);
});
