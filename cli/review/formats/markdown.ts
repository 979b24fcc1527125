import { nameOf } from "../../urn.ts";
import type { Comparison, Report, ReportedFinding, ReportedRule, RuleStatus } from "../report.ts";
import {
  countsText,
  evidenceOf,
  exemptionText,
  moment,
  placeText,
  statusWords,
  subjectOf,
  verdictOf,
  whatOf,
} from "../words.ts";

const signs: Record<RuleStatus, string> = {
  fail: "🔴",
  cannotTell: "🟡",
  exempt: "🔵",
  pass: "🟢",
  notApplicable: "⚪",
  disabled: "⚪",
};

/** A comment on GitHub takes 65,536 characters, one on Azure DevOps twice as many. */
const LONGEST = 60_000;
/** Findings of one rule that are written out. */
const MOST = 20;

/** For a comment on a pull request: the answer and what is red in sight, the rest folded. */
export function markdown(report: Report): string {
  const rules = report.prerequisites.flatMap((each) => each.rules);
  const of = (status: RuleStatus) => rules.filter((rule) => rule.status === status);
  const head = [
    `## ${report.failing.length > 0 ? signs.fail : signs.pass} Prerequisites of the MFA server: ${escaped(verdictOf(report))}`,
    `${escaped(subjectOf(report))}. ${escaped(countsText(report.counts))}.`,
    ...(report.comparison ? [comparison(report.comparison)] : []),
    ...(report.counts.fail > 0 ? [of("fail").map(summaryLine).join("\n")] : []),
  ];
  const details = [
    ...(["fail", "cannotTell", "exempt"] as const).flatMap((status) => of(status).map((rule) => folded(rule))),
    foldedList(report),
  ];
  return `${fitting(head, details).join("\n\n")}\n`;
}

function summaryLine({ id, title, severity, level, findings }: ReportedRule): string {
  return `- ${signs.fail} **${id}** ${escaped(title)} (${severity}, ${level}; ${counted(findings.length, "finding")})`;
}

function folded(rule: ReportedRule): string {
  const shown = rule.findings.slice(0, MOST).map(findingText);
  const rest = rule.findings.length - shown.length;
  return [
    `<details><summary>${signs[rule.status]} ${rule.id}: ${html(rule.title)}</summary>`,
    escaped(rule.rationale),
    ...shown,
    ...(rest > 0 ? [`${counted(rest, "more finding")}: the JSON and the HTML report have all.`] : []),
    "</details>",
  ].join("\n\n");
}

function findingText(finding: ReportedFinding): string {
  const { urn, mend, program, setting } = finding;
  const evidence = evidenceOf(finding);
  const exemption = exemptionText(finding);
  const places = [program, setting].filter((place) => place !== undefined);
  return [
    `- ${escaped(whatOf(finding))}`,
    ...(exemption === undefined ? [] : [`  - ${escaped(exemption)}`]),
    ...(urn === undefined ? [] : [`  - ${code(nameOf(urn))} ${code(urn)}`]),
    ...(evidence === undefined ? [] : [`  - ${code(evidence)}`]),
    ...(places.length === 0 ? [] : [`  - ${places.map((place) => code(placeText(place))).join(", ")}`]),
    ...(mend === undefined ? [] : [`  - mend: ${escaped(mend)}`]),
  ].join("\n");
}

function foldedList({ prerequisites, reviewedAt, baseline }: Report): string {
  const rows = prerequisites.flatMap(({ step, rules }) =>
    rules.map(
      (rule) =>
        `| ${signs[rule.status]} ${statusWords[rule.status]} | ${rule.id} | ${cell(rule.title)} | ${cell(step)} |`,
    ),
  );
  return [
    "<details><summary>Every rule</summary>",
    ["| | Rule | What holds | Step |", "| --- | --- | --- | --- |", ...rows].join("\n"),
    `Reviewed ${moment(reviewedAt)}, baseline ${baseline}.`,
    "</details>",
  ].join("\n\n");
}

function comparison({ since, worse, better, appeared, gone }: Comparison): string {
  const line = ({ rule, before, after }: Comparison["better"][number]) =>
    `${rule} ${before === "absent" ? "not there" : statusWords[before]} → ${after === "absent" ? "not there" : statusWords[after]}`;
  const parts = [
    `${counted(appeared.length, "new finding")}, ${gone.length} gone`,
    ...(worse.length > 0 ? [`worse: ${worse.map(line).join(", ")}`] : []),
    ...(better.length > 0 ? [`better: ${better.map(line).join(", ")}`] : []),
  ];
  return `Since ${moment(since)}: ${parts.join("; ")}.`;
}

/** As many folded parts as a comment takes, the most important first. */
function fitting(head: readonly string[], details: readonly string[]): string[] {
  const kept = [...head];
  let length = head.join("\n\n").length;
  for (const [index, part] of details.entries()) {
    length += part.length + 2;
    if (length > LONGEST)
      return [...kept, `${counted(details.length - index, "more part")} do not fit into a comment.`];
    kept.push(part);
  }
  return kept;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** Text of others: nothing in it is Markdown, HTML or a mention of somebody. */
function escaped(text: string): string {
  return html(text.replaceAll(/\s+/g, " "))
    .replaceAll(/[\\`*_{}[\]|~#]/g, "\\$&")
    .replaceAll("@", "@\u200b");
}

function cell(text: string): string {
  return escaped(text);
}

/** A code span whatever is in it: its fence is longer than any row of backticks inside. */
function code(text: string): string {
  const flat = text.replaceAll(/\s+/g, " ");
  const longest = Math.max(0, ...(flat.match(/`+/g) ?? []).map((row) => row.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${flat}${fence}` : `${fence} ${flat} ${fence}`;
}

function html(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
