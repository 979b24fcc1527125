import { z } from "zod";
import { baselines, type Rule } from "./rule.ts";

const level = z.enum(["advisory", "mandatory", "remediate", "disabled"]);

/** The shape of `policies/config.json`, made from the rules. */
export function settingsSchema(rules: readonly Rule[]) {
  return z.strictObject({
    $schema: z.string().optional(),
    baseline: z
      .enum(baselines)
      .default("production")
      .describe(
        "Levels where no rule says otherwise: dev lowers what only matters in production, cis raises the benchmarks.",
      ),
    rules: z
      .strictObject(Object.fromEntries(rules.map((rule) => [rule.id, ruleSettings(rule).optional()])))
      .default({})
      .describe("By rule: a level, or an object with a level and the rule's own settings."),
    exemptions: z
      .array(
        z.strictObject({
          rule: z.enum(rules.map(({ id }) => id)).describe("The rule that is not kept."),
          urn: z.string().min(1).describe("URNs that it covers; * stands for any text and ? for one character."),
          owner: z.string().regex(/\S/, "must not be empty").describe("Who answers for it."),
          reason: z.string().regex(/\S/, "must not be empty"),
          expires: z.iso.date().describe("Last day on which it counts, YYYY-MM-DD, in UTC."),
        }),
      )
      .default([])
      .describe(
        "Violations that somebody answers for, each until a day. An expired or unused one is itself a finding.",
      ),
  });
}

function ruleSettings(rule: Rule) {
  const own = rule.configuration?.shape ?? {};
  const tuned = z.strictObject({ enforcementLevel: level.optional(), ...own }).partial();
  return z.union([level, tuned]).describe(rule.title);
}
