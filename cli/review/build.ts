import type { JudgedFinding, RuleResult } from "../../policies/evaluate.ts";
import type { Baseline, Rule } from "../../policies/rule.ts";
import { inProcedureOrder } from "../rules/procedure.ts";
import { pageOf } from "../rules/text.ts";
import type { ConfigLines } from "./configLine.ts";
import type { ReviewInput } from "./input/input.ts";
import { declaredAt, type Place } from "./input/position.ts";
import {
  type Report,
  type ReportedFinding,
  type ReportedPrerequisite,
  type ReportedRule,
  type RuleStatus,
  statuses,
  type Threshold,
} from "./report.ts";
import { failingRules } from "./threshold.ts";

/** What a report is made from, beside what the rules said. */
export interface ReportFacts {
  input: ReviewInput;
  results: readonly RuleResult[];
  baseline: Baseline;
  threshold: Threshold;
  now: Date;
  kit: string;
  /** The program's folder, when what is reviewed is this project. */
  root: string | undefined;
  configLine: ConfigLines;
}

/** Puts what the rules said in the order of the procedure, with the places that a reader looks at. */
export function buildReport({ input, results, ...facts }: ReportFacts): Report {
  const places = placesOf(input, facts.root);
  const prerequisites = new Map<string, { step: string; text: string; rules: ReportedRule[] }>();
  for (const result of results) {
    const { step, prerequisite } = result.rule;
    const key = `${step}\n${prerequisite}`;
    const group = prerequisites.get(key) ?? { step, text: prerequisite, rules: [] };
    group.rules.push(reportedRule(result, places, facts.configLine));
    prerequisites.set(key, group);
  }
  const list = inProcedureOrder([...prerequisites.values()], ({ step }) => step).map(
    (group): ReportedPrerequisite => ({ ...group, status: worst(group.rules) }),
  );
  const rules = list.flatMap((group) => group.rules);
  return {
    format: "mfakit-review",
    version: 1,
    kit: facts.kit,
    project: input.project,
    stack: input.stack,
    source: input.kind,
    origin: input.origin,
    resources: input.resources.length,
    reviewedAt: facts.now.toISOString(),
    baseline: facts.baseline,
    counts: countsOf(rules),
    threshold: facts.threshold,
    failing: failingRules(rules, facts.threshold),
    prerequisites: list,
  };
}

function reportedRule(result: RuleResult, places: Places, configLine: ConfigLines): ReportedRule {
  const { rule, status, level, reason } = result;
  const keys = new Map<string, number>();
  return {
    id: rule.id,
    title: rule.title,
    family: rule.family,
    level,
    severity: rule.severity,
    status,
    rationale: rule.rationale,
    references: rule.references,
    page: pageOf(rule.id),
    ...(reason !== undefined && { reason }),
    findings: result.findings.map((finding) => ({
      key: keyOf(rule, finding, keys),
      ...finding,
      ...optional("program", finding.urn === undefined ? undefined : places(finding.urn)),
      ...optional("setting", configLine(finding.mend)),
    })),
  };
}

/** Neither value nor wording: a rule is broken at the same place until it is mended. */
function keyOf(rule: Rule, { urn = "", property = "" }: JudgedFinding, seen: Map<string, number>): string {
  const place = [rule.id, urn, property].filter((part) => part !== "").join(" ");
  const count = (seen.get(place) ?? 0) + 1;
  seen.set(place, count);
  return count === 1 ? place : `${place} #${count}`;
}

type Places = (urn: string) => Place | undefined;

function placesOf({ resources }: ReviewInput, root: string | undefined): Places {
  const positions = new Map(resources.map((resource) => [resource.urn, resource.positions]));
  return (urn) => declaredAt(positions.get(urn) ?? [], root);
}

function worst(rules: readonly ReportedRule[]): RuleStatus {
  return statuses.find((status) => rules.some((rule) => rule.status === status)) ?? "notApplicable";
}

function countsOf(rules: readonly ReportedRule[]): Record<RuleStatus, number> {
  const counts = Object.fromEntries(statuses.map((status) => [status, 0])) as Record<RuleStatus, number>;
  for (const { status } of rules) counts[status] += 1;
  return counts;
}

function optional<K extends keyof ReportedFinding>(
  key: K,
  value: ReportedFinding[K],
): Pick<ReportedFinding, K> | object {
  return value === undefined ? {} : { [key]: value };
}
