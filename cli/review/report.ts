import type { RuleStatus } from "../../policies/evaluate.ts";
import type { Exemption } from "../../policies/exemptions.ts";
import type { Baseline, Family, Reference, Rule } from "../../policies/rule.ts";
import type { Place } from "./input/position.ts";

export type Severity = Rule["severity"];
/** From the lightest to the heaviest. */
export const severities: readonly Severity[] = ["low", "medium", "high", "critical"];
export type { RuleStatus } from "../../policies/evaluate.ts";

/** Statuses from the one that needs a reader most to the one that needs them least. */
export const statuses: readonly RuleStatus[] = ["fail", "cannotTell", "exempt", "pass", "notApplicable", "disabled"];

/** One thing that a rule found, with the evidence. Values of secrets are not in it. */
export interface ReportedFinding {
  /** Stays the same while the same thing is wrong at the same place; two reports are compared by it. */
  key: string;
  verdict: "violation" | "cannotTell";
  urn?: string;
  property?: string;
  value?: string;
  what: string;
  mend?: string;
  /** Somebody answers for it. */
  exemption?: Exemption;
  /** Where the program declares the resource. */
  program?: Place;
  /** The line of the environment's settings that mends it. */
  setting?: Place;
}

export interface ReportedRule {
  id: string;
  title: string;
  family: Family;
  level: Rule["level"];
  severity: Severity;
  status: RuleStatus;
  rationale: string;
  references: readonly Reference[];
  /** The rule's page, relative to the project. */
  page: string;
  /** Why it is not applicable. */
  reason?: string;
  findings: readonly ReportedFinding[];
}

/** One prerequisite or note of the procedure, with the rules that guard it. */
export interface ReportedPrerequisite {
  step: string;
  text: string;
  /** The status of its rule that needs a reader most. */
  status: RuleStatus;
  rules: readonly ReportedRule[];
}

/** A rule whose status is another one than in the report before. */
export interface RuleChange {
  rule: string;
  title: string;
  before: RuleStatus | "absent";
  after: RuleStatus | "absent";
}

/** A finding that only one of two reports has. */
export interface FindingChange {
  rule: string;
  key: string;
  verdict: "violation" | "cannotTell";
  urn?: string;
  what: string;
}

/** What got better or worse since another report. */
export interface Comparison {
  /** When the other review was made, ISO 8601. */
  since: string;
  origin: string;
  better: readonly RuleChange[];
  worse: readonly RuleChange[];
  appeared: readonly FindingChange[];
  gone: readonly FindingChange[];
  /** Keys of findings that both reports have, with other words now. */
  updated: readonly string[];
}

/** One review: what every format is written from, and what `--format json` prints. */
export interface Report {
  format: "mfakit-review";
  version: 1;
  kit: string;
  project: string;
  stack: string;
  source: "preview" | "state";
  /** File or context that was reviewed. */
  origin: string;
  resources: number;
  /** ISO 8601, UTC. */
  reviewedAt: string;
  baseline: Baseline;
  /** Rules by status. */
  counts: Readonly<Record<RuleStatus, number>>;
  threshold: Threshold;
  /** Ids of the rules that make the answer a no at this threshold. */
  failing: readonly string[];
  prerequisites: readonly ReportedPrerequisite[];
  comparison?: Comparison;
}

/** From which severity on a finding makes the answer a no; `mandatory`: the rules at that level do, whatever their severity. */
export const thresholds = ["low", "medium", "high", "critical", "never", "mandatory"] as const;
export type Threshold = (typeof thresholds)[number];

/** Every rule of a report, prerequisite by prerequisite. */
export function rulesOf({ prerequisites }: Pick<Report, "prerequisites">): ReportedRule[] {
  return prerequisites.flatMap(({ rules }) => rules);
}
