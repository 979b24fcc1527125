import { z } from "zod";
import { baselines, type Rule } from "../../policies/rule.ts";
import { table } from "../table.ts";
import { inProcedureOrder } from "./procedure.ts";

/** Path of a rule's page in the project. */
export function pageOf(id: string): string {
  return `docs/policies/${id}.md`;
}

/** What can be tuned at a rule besides its level, for a reader. */
export interface RuleOption {
  name: string;
  type: string;
  default: string;
  description: string;
}

/** The catalogue: one line for each rule beneath the step of the procedure that it guards. */
export function catalogueText(rules: readonly Rule[]): string {
  const lines: string[] = [];
  let step = "";
  const rows = inProcedureOrder(rules, (rule) => rule.step);
  const text = table(rows.map(({ id, severity, level, title }) => [id, severity, level, title])).split("\n");
  for (const [index, rule] of rows.entries()) {
    if (rule.step !== step) lines.push(...(index === 0 ? [] : [""]), rule.step);
    step = rule.step;
    lines.push(text[index] ?? "");
  }
  return `${lines.join("\n")}\n\n${rules.length} rules. Everything about one: mfakit rules <id>\n`;
}

/** Everything about one rule. */
export function ruleText(rule: Rule): string {
  const levels = levelsOf(rule).map(([baseline, level]) => `${baseline} ${level}`);
  const facts = table([
    ["guards", `${rule.prerequisite} (${rule.step})`],
    ["severity", rule.severity],
    ["level", levels.join(", ")],
    ["family", rule.family],
    ...optionsOf(rule).map(({ name, type, default: value, description }): [string, string] => [
      `setting ${name}`,
      `${type}, default ${value}${description === "" ? "" : `. ${description}`}`,
    ]),
    ...rule.references.map(({ title, url }): [string, string] => [
      "see",
      url === undefined ? title : `${title}: ${url}`,
    ]),
    ["page", `${pageOf(rule.id)}, with an example that fails and one that passes`],
  ]);
  return `${rule.id}  ${rule.title}\n\n  ${rule.rationale}\n\n${facts}\n`;
}

/** A rule as data. */
export function ruleJson(rule: Rule): object {
  const { id, title, family, step, prerequisite, rationale, severity, references, framework } = rule;
  return {
    id,
    title,
    family,
    step,
    prerequisite,
    rationale,
    severity,
    levels: Object.fromEntries(levelsOf(rule)),
    settings: optionsOf(rule),
    references,
    ...(framework && { framework }),
    page: pageOf(id),
  };
}

/** The rule's level in each baseline. */
export function levelsOf(rule: Rule): [baseline: string, level: string][] {
  return baselines.map((baseline) => [baseline, rule.baselines?.[baseline] ?? rule.level]);
}

/** What can be tuned, out of the rule's schema. */
export function optionsOf({ configuration }: Rule): RuleOption[] {
  if (configuration === undefined) return [];
  const { properties = {} } = z.toJSONSchema(configuration, { io: "input" });
  return Object.entries(properties).map(([name, schema]) => {
    const facts = schema as { type?: string; enum?: unknown[]; default?: unknown; description?: string };
    return {
      name,
      type: facts.enum?.map((each) => JSON.stringify(each)).join(" or ") ?? facts.type ?? "any",
      default: facts.default === undefined ? "not set" : JSON.stringify(facts.default),
      description: facts.description ?? "",
    };
  });
}
