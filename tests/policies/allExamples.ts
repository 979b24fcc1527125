import { rules } from "../../policies/rules.ts";
import type { RuleExamples } from "./examples/example.ts";

/** The cases of a rule; its file is named by the rule's id. */
export async function examplesOf(id: string): Promise<RuleExamples> {
  return ((await import(`./examples/${id}.ts`)) as { examples: RuleExamples }).examples;
}

/** The cases of every rule, by id. */
export async function allExamples(): Promise<Record<string, RuleExamples>> {
  return Object.fromEntries(await Promise.all(rules.map(async ({ id }) => [id, await examplesOf(id)])));
}
