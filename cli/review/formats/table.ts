import { stripVTControlCharacters, styleText } from "node:util";
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
} from "../words.ts";

const colours: Partial<Record<RuleStatus, "green" | "red" | "yellow" | "cyan">> = {
  pass: "green",
  fail: "red",
  cannotTell: "yellow",
  exempt: "cyan",
};
const width = Math.max(...Object.values(statusWords).map((word) => word.length));

/** For a terminal: prerequisite by prerequisite, what is found beneath each rule. */
export function table(report: Report): string {
  const lines = [`${subjectOf(report)}, ${moment(report.reviewedAt)}, baseline ${report.baseline}`];
  let step = "";
  for (const prerequisite of report.prerequisites) {
    if (prerequisite.step !== step) lines.push("", prerequisite.step);
    step = prerequisite.step;
    lines.push(`  ${prerequisite.text}`, ...prerequisite.rules.flatMap(ruleLines));
  }
  if (report.comparison !== undefined) lines.push("", ...comparisonLines(report.comparison));
  lines.push("", `${countsText(report.counts)} of ${sum(report.counts)} rules. ${verdictOf(report)}`);
  return `${lines.map(printable).join("\n")}\n`;
}

/** The same with colours, for a terminal that shows them. */
export function colouredTable(report: Report, stream: NodeJS.WriteStream): string {
  const words = Object.entries(statusWords) as [RuleStatus, string][];
  return table(report).replaceAll(/^ {4}(\S+(?: \S+)?) +(?=MFA-)/gm, (line: string, word: string) => {
    const colour = colours[words.find(([, each]) => each === word)?.[0] ?? "disabled"];
    return colour === undefined ? line : line.replace(word, styleText(colour, word, { stream }));
  });
}

function ruleLines({ id, status, severity, level, title, reason, findings }: ReportedRule): string[] {
  const weight = status === "fail" ? ` (${severity}, ${level})` : "";
  const why = status === "notApplicable" && reason !== undefined ? ` (${reason})` : "";
  return [
    `    ${statusWords[status].padEnd(width)}  ${id}  ${title}${weight}${why}`,
    ...findings.flatMap(findingLines),
  ];
}

function findingLines(finding: ReportedFinding): string[] {
  const { verdict, urn, what, mend, program, setting } = finding;
  const places = [program, setting].filter((place) => place !== undefined).map(placeText);
  const where = [urn && nameOf(urn), evidenceOf(finding)].filter((part) => part !== undefined).join(": ");
  const rows: [string, string | undefined][] = [
    [verdict === "violation" ? "-" : "?", [what, exemptionText(finding)].filter(Boolean).join("; ")],
    ["  at", where || undefined],
    ["  in", places.join(", ") || undefined],
    ["  mend", mend],
  ];
  const indent = " ".repeat(width + 6);
  return rows.flatMap(([label, text]) =>
    text === undefined ? [] : [`${indent}${label} ${text.replaceAll("\n", " ")}`],
  );
}

function comparisonLines({ since, better, worse, appeared, gone }: Comparison): string[] {
  const line = ({ rule, before, after }: Comparison["better"][number]) =>
    `    ${rule}  ${said(before)} -> ${said(after)}`;
  return [
    `Since ${moment(since)}: ${appeared.length} new findings, ${gone.length} gone`,
    ...(worse.length > 0 ? ["  worse", ...worse.map(line)] : []),
    ...(better.length > 0 ? ["  better", ...better.map(line)] : []),
  ];
}

function said(status: RuleStatus | "absent"): string {
  return status === "absent" ? "not there" : statusWords[status];
}

function sum(counts: Report["counts"]): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Names and values come from files of others; what steers a terminal is no part of them. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return stripVTControlCharacters(line).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
