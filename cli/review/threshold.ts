import { type ReportedRule, severities, type Threshold } from "./report.ts";

/** Ids of the rules that make the answer a no: those that fail at or above the threshold. */
export function failingRules(rules: readonly ReportedRule[], threshold: Threshold): string[] {
  return rules.filter((rule) => rule.status === "fail" && counts(rule, threshold)).map(({ id }) => id);
}

function counts({ level, severity }: ReportedRule, threshold: Threshold): boolean {
  if (threshold === "never") return false;
  // What the engine refuses at `up`. At `remediate` it mends instead, where it can; a violation that is left is one.
  if (threshold === "mandatory") return level === "mandatory" || level === "remediate";
  return severities.indexOf(severity) >= severities.indexOf(threshold);
}
