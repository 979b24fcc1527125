import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate } from "../../policies/evaluate.ts";
import { rules } from "../../policies/rules.ts";
import { policySettings } from "../../policies/settings.ts";
import { type AnalyzedResource, type Diagnostic, type RunningPack, startPolicyPack } from "../support/policyPack.ts";
import { foreignStacks } from "./foreignStacks.ts";

let pack: RunningPack;
beforeAll(async () => {
  pack = await startPolicyPack({ settings: { baseline: "production" } });
});
afterAll(() => pack.stop());

async function everything(resources: readonly AnalyzedResource[]): Promise<Diagnostic[]> {
  const each = await Promise.all(resources.map((resource) => pack.analyze(resource)));
  const whole = await pack.analyzeStack(resources);
  return [...each, whole].flatMap(({ diagnostics }) => diagnostics);
}

/** Names of the resources that are pointed at, by rule. */
function placesOf(found: readonly { policy: string; urn: string }[]): Record<string, string[]> {
  const places: Record<string, string[]> = {};
  for (const { policy, urn } of found) {
    places[policy] = [...(places[policy] ?? []), urn.split("::").at(-1) ?? ""].sort();
  }
  return places;
}

describe.each(foreignStacks)("$title", ({ resources, finds }) => {
  test("is judged by what it is, with a reason and a mend for each violation", async () => {
    const found = await everything(resources);
    expect(placesOf(found)).toEqual(finds);
    for (const { message, level, urn } of found) {
      expect(resources.map((each) => each.urn)).toContain(urn);
      if (level === "mandatory") expect(message).toContain("\nTo mend it: ");
      expect(message).not.toMatch(/undefined|\[object|Symbol\(/);
    }
  });

  test("is judged by the review in the same way", () => {
    const results = evaluate(resources, policySettings({ baseline: "production" }), new Date());
    const found = results
      .filter(({ rule }) => rule.kind !== "secret")
      .flatMap(({ rule, findings }) => findings.map(({ urn = "" }) => ({ policy: rule.id, urn })));
    expect(placesOf(found)).toEqual(finds);
    const product = results.filter(({ status }) => status === "notApplicable").map(({ rule }) => rule.family);
    expect(product).toEqual(expect.arrayContaining(["licensing", "directory", "certificate", "workload"]));
  });

  test("may have any property of any kind", async () => {
    for (const nonsense of [null, 7, "text", [], {}, [[null]], true]) {
      const broken = resources.map((resource) => ({
        ...resource,
        properties: Object.fromEntries(Object.keys(resource.properties).map((name) => [name, nonsense])),
      }));
      await expect(everything(broken)).resolves.toBeDefined();
      const results = evaluate(broken, policySettings(), new Date());
      expect(results.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id));
    }
  });
});
