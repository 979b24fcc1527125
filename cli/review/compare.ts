import { readFileSync } from "node:fs";
import { z } from "zod";
import { type ReviewProblem, ReviewRefused } from "./refusal.ts";
import {
  type Comparison,
  type FindingChange,
  type Report,
  type ReportedRule,
  type RuleChange,
  type RuleStatus,
  rulesOf,
  statuses,
} from "./report.ts";

const status = z.enum(statuses);
/** What a comparison needs of an earlier report; it may come from a kit that said more or less. */
const earlierReport = z.object({
  format: z.literal("mfakit-review"),
  version: z.literal(1),
  project: z.string(),
  stack: z.string(),
  reviewedAt: z.iso.datetime(),
  origin: z.string(),
  prerequisites: z.array(
    z.object({
      rules: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          status,
          findings: z.array(
            z.object({
              key: z.string(),
              verdict: z.enum(["violation", "cannotTell"]),
              urn: z.string().optional(),
              what: z.string(),
              exemption: z.unknown().optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type EarlierReport = z.infer<typeof earlierReport>;

/**
 * Reads a report that `mfakit review --format json` wrote.
 * @throws ReviewRefused when it is something else.
 */
export function readEarlierReport(file: string): EarlierReport {
  const refuse = (what: string): ReviewRefused =>
    new ReviewRefused([{ where: `--compare ${file}`, what, next: "Give what `mfakit review --format json` wrote." }]);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw refuse(code === "ENOENT" ? "is not there" : code === "EISDIR" ? "is a folder" : `cannot be read: ${message}`);
  }
  const { success, data, error } = earlierReport.safeParse(content);
  if (success) return data;
  const [first] = error.issues;
  throw refuse(`is no report of mfakit review: ${first?.path.join(".") || "the file"}: ${first?.message}`);
}

/** A problem when an earlier report is about another stack; `undefined` when the two can be compared. */
export function otherStack(
  file: string,
  before: EarlierReport,
  now: Pick<Report, "project" | "stack">,
): ReviewProblem | undefined {
  if (before.project === now.project && before.stack === now.stack) return undefined;
  return {
    where: `--compare ${file}`,
    what: `is about ${before.project}/${before.stack}, and this review about ${now.project}/${now.stack}`,
    next: "Give an earlier report about the same stack.",
  };
}

/** From the best to the worst. A rule that is switched off says less than one that holds. */
const order: Record<RuleStatus, number> = { pass: 0, notApplicable: 0, exempt: 1, disabled: 1, cannotTell: 2, fail: 3 };

/** What got better or worse from one report to the next. */
export function compare(before: EarlierReport, after: Pick<Report, "prerequisites">): Comparison {
  const old = new Map(before.prerequisites.flatMap(({ rules }) => rules).map((rule) => [rule.id, rule]));
  const rules = rulesOf(after);
  const changes = rules.flatMap((rule) => changeOf(rule, old.get(rule.id)?.status));
  const oldFindings = new Map([...old.values()].flatMap(findingsOf).map((finding) => [finding.key, finding]));
  const findings = new Map(rules.flatMap(findingsOf).map((finding) => [finding.key, finding]));
  const rank = ({ before: b, after: a }: RuleChange) => worth(a) - worth(b);
  return {
    since: before.reviewedAt,
    origin: before.origin,
    better: changes.filter((change) => rank(change) < 0),
    worse: changes.filter((change) => rank(change) > 0),
    appeared: [...findings.values()].filter(({ key }) => !oldFindings.has(key)),
    gone: [...oldFindings.values()].filter(({ key }) => !findings.has(key)),
    updated: [...findings.values()]
      .filter(({ key, what, verdict }) => {
        const earlier = oldFindings.get(key);
        return earlier !== undefined && (earlier.what !== what || earlier.verdict !== verdict);
      })
      .map(({ key }) => key),
  };
}

function changeOf({ id, title, status: after }: ReportedRule, before: RuleStatus | undefined): RuleChange[] {
  return before === after ? [] : [{ rule: id, title, before: before ?? "absent", after }];
}

/** A rule that the earlier report did not know is compared as if it had held. */
function worth(of: RuleStatus | "absent"): number {
  return of === "absent" ? 0 : order[of];
}

function findingsOf(rule: EarlierReport["prerequisites"][number]["rules"][number] | ReportedRule): FindingChange[] {
  return rule.findings
    .filter(({ exemption }) => exemption === undefined)
    .map(({ key, verdict, urn, what }) => ({ rule: rule.id, key, verdict, ...(urn !== undefined && { urn }), what }));
}
