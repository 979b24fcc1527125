import type { Place } from "./input/position.ts";
import type { Report, ReportedFinding, RuleStatus } from "./report.ts";

/** How a status is said to a person. */
export const statusWords: Readonly<Record<RuleStatus, string>> = {
  pass: "green",
  fail: "red",
  cannotTell: "cannot tell",
  exempt: "exempt",
  notApplicable: "not applicable",
  disabled: "switched off",
};

/** The answer of a review: `4 rules are red, 1 of them mandatory. 5 cannot tell.` */
export function verdictOf({ failing, threshold, counts }: Report): string {
  const open = counts.cannotTell === 0 ? "" : ` ${counts.cannotTell} cannot tell.`;
  if (counts.fail === 0) return `No rule is red.${open}`;
  const red = counts.fail === 1 ? "1 rule is red" : `${counts.fail} rules are red`;
  if (threshold === "never") return `${red}.${open}`;
  const weight = threshold === "mandatory" || threshold === "critical" ? threshold : `${threshold} or worse`;
  return `${red}, ${failing.length === 0 ? "none" : failing.length} of them ${weight}.${open}`;
}

/** What is wrong, or what nobody can tell, as a sentence. */
export function whatOf({ verdict, what }: Pick<ReportedFinding, "verdict" | "what">): string {
  return verdict === "violation" ? what : `cannot tell ${what}`;
}

/** The numbers of a report, those that are not zero: `12 green, 2 red`. */
export function countsText(counts: Report["counts"]): string {
  const given = (Object.keys(statusWords) as RuleStatus[]).filter((status) => counts[status] > 0);
  return given.map((status) => `${counts[status]} ${statusWords[status]}`).join(", ");
}

/** What was reviewed: `mfa-server/dev, preview of sandbox, 81 resources`. */
export function subjectOf({ project, stack, source, origin, resources }: Report): string {
  return `${project}/${stack}, ${source} ${source === "preview" ? "of" : "in"} ${origin}, ${resources} resources`;
}

/** The evidence in one piece: `securityProfile.encryptionAtHost = false`. */
export function evidenceOf({ property, value }: ReportedFinding): string | undefined {
  if (property === undefined) return undefined;
  return value === undefined ? property : `${property} = ${value}`;
}

export function placeText({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** Who answers for a finding, and until when. */
export function exemptionText({ exemption }: ReportedFinding): string | undefined {
  return exemption && `exempt until ${exemption.expires} by ${exemption.owner}: ${exemption.reason}`;
}

/** A moment as people read it, in UTC. */
export function moment(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
