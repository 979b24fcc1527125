/** Each rule's four cases, through the pack's own analyzer protocol; the review's judgement of the same case beside it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate, type RuleResult } from "../../policies/evaluate.ts";
import type { Rule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { type PolicySettingsFile, policySettings } from "../../policies/settings.ts";
import { type AnalyzedResource, type RunningPack, startPolicyPack } from "../support/policyPack.ts";
import { allExamples } from "./allExamples.ts";
import type { RuleExample } from "./examples/example.ts";

const cases = await allExamples();
const kinds = ["passing", "failing", "unknown", "malformed"] as const;
const exemptions = rules.flatMap(({ id }) => kinds.flatMap((kind) => cases[id]?.[kind]?.exemptions ?? []));

let pack: RunningPack;
beforeAll(async () => {
  pack = await startPolicyPack({ settings: { baseline: "cis", exemptions } });
});
afterAll(() => pack.stop());

test("every rule has one case of each kind, and no two the same title", () => {
  for (const { id } of rules) {
    const titles = kinds.map((kind) => cases[id]?.[kind]?.title);
    expect(titles, id).not.toContain(undefined);
    expect(new Set(titles).size, id).toBe(kinds.length);
  }
});

describe.each(rules.filter(({ kind }) => kind !== "secret"))("$id", (rule) => {
  const own = cases[rule.id];
  const settings = policySettings({ baseline: "cis" });
  // The engine's word for the level of a rule that mends: what is still wrong after the mending blocks.
  const level = settings.level(rule) === "remediate" ? "mandatory" : settings.level(rule);

  test.each(kinds)("%s", async (kind) => {
    const example = own?.[kind] as RuleExample;
    const found = await analyzed(rule, example);
    const reviewed = judged(rule, example);
    expect(found.map(({ message }) => message.split("\n")[1])).toEqual(reviewed.findings.map(firstLine));
    if (kind === "passing") {
      expect(found).toEqual([]);
      expect(reviewed.status).toBe("pass");
      return;
    }
    const said = found.find(({ message }) => message.includes(example.says ?? ""));
    expect(said, JSON.stringify(found)).toBeDefined();
    expect(said?.urn.split("::").at(-1)).toBe(example.where ?? said?.urn.split("::").at(-1));
    if (kind === "failing") {
      expect(said).toMatchObject({ level, severity: rule.severity });
      expect(said?.message).toContain("\nTo mend it: ");
      expect(reviewed.status).toBe("fail");
    }
    if (kind === "unknown") {
      expect(found.map((each) => each.level)).toEqual(found.map(() => "advisory"));
      expect(said?.message).toContain("\ncannot tell yet: ");
      const endings = reviewed.findings.map(({ mend }) => (mend === undefined ? "" : `To find out: ${mend}`));
      expect(found.map(({ message }) => message.split("\n")[2] ?? "")).toEqual(endings);
      expect(reviewed.status).toBe("cannotTell");
    }
    if (kind === "malformed") expect(["fail", "cannotTell"]).toContain(reviewed.status);
  });
});

describe("MFA-SEC-001", () => {
  const rule = rules.find(({ kind }) => kind === "secret") as Rule;
  const own = cases[rule.id];

  test.each([
    ["passing", "pass", 0],
    ["failing", "fail", 1],
    // What is not known yet is marked too: a secret that is not known yet is none the less a secret.
    ["unknown", "cannotTell", 1],
    ["malformed", "fail", 1],
  ] as const)("%s", async (kind, status, mended) => {
    const example = own?.[kind] as RuleExample;
    const remedies = await Promise.all(example.resources.map((each) => pack.remediate(asAnalyzed(each))));
    expect(remedies.flat().filter(({ policy }) => policy === rule.id)).toHaveLength(mended);
    expect(judged(rule, example).status).toBe(status);
    expect(
      judged(rule, example)
        .findings.map(({ what }) => what)
        .join(),
    ).toContain(example.says ?? "");
  });
});

async function analyzed(rule: Rule, { resources, config }: RuleExample) {
  await pack.configure(config === undefined ? {} : { [rule.id]: { level: levelOnWire(rule), properties: config } });
  const all = resources.map(asAnalyzed);
  const answers =
    rule.kind === "resource"
      ? await Promise.all(all.map((each) => pack.analyze(each)))
      : [await pack.analyzeStack(all)];
  return answers.flatMap(({ diagnostics }) => diagnostics).filter(({ policy }) => policy === rule.id);
}

function levelOnWire(rule: Rule) {
  return policySettings({ baseline: "cis" }).level(rule);
}

function judged(rule: Rule, { resources, config, exemptions: own = [] }: RuleExample): RuleResult {
  const file: PolicySettingsFile = {
    baseline: "cis",
    exemptions: own,
    ...(config && { rules: { [rule.id]: config } }),
  };
  return evaluate(resources, policySettings(file), new Date()).find((each) => each.rule === rule) as RuleResult;
}

function asAnalyzed({ sources, ...resource }: RuleExample["resources"][number]): AnalyzedResource {
  return {
    ...resource,
    properties: { ...resource.properties },
    ...(sources && { sources: Object.fromEntries(Object.entries(sources).map(([name, from]) => [name, [...from]])) }),
  };
}

function firstLine({ verdict, what }: { verdict: string; what: string }): string {
  return verdict === "violation" ? what : `cannot tell yet: ${what}`;
}
