import type { JudgedPerson } from "../../provider/directory/readiness.ts";
import { table } from "../table.ts";
import { reasonText } from "../verify/reasonText.ts";
import type { PeopleReport } from "./readPeople.ts";

/** The forms in which `mfakit people` prints its report. */
export const formats = ["table", "csv", "json"] as const;
export type Format = (typeof formats)[number];

/** The report as text with a line end; `shown` are the people to list, all of the report or those who are not ready. */
export function render(report: PeopleReport, shown: readonly JudgedPerson[], format: Format): string {
  switch (format) {
    case "table":
      return asTable(report, shown);
    case "csv":
      return asCsv(shown);
    case "json":
      return `${JSON.stringify({ group: report.group, ...counts(report), people: shown.map(withReady) }, undefined, 2)}\n`;
  }
}

/** How many people there are, and how many of them are not ready. */
export function counts({ people }: PeopleReport): { total: number; notReady: number } {
  return { total: people.length, notReady: people.filter(({ reasons }) => reasons.length > 0).length };
}

function asTable(report: PeopleReport, shown: readonly JudgedPerson[]): string {
  const rows = shown.map(({ name, userPrincipalName = "-", mobile = "-", reasons }) => [
    ...[name, userPrincipalName, mobile].map(printable),
    reasons.length === 0 ? "ready" : reasons.map(reasonText).join("; "),
  ]);
  const { total, notReady } = counts(report);
  const verdict =
    total === 0
      ? `${printable(report.group)} has no people.`
      : `${notReady} of ${total} people of ${printable(report.group)} are not ready for MFA.`;
  const lines = rows.length === 0 ? "" : `${table([["NAME", "USER PRINCIPAL NAME", "MOBILE", "MFA"], ...rows])}\n`;
  return `${lines}${verdict}\n`;
}

/** RFC 4180 with a header; reasons by their codes, separated by a space. */
function asCsv(shown: readonly JudgedPerson[]): string {
  const header = ["name", "userPrincipalName", "distinguishedName", "mobile", "ready", "reasons"];
  const rows = shown.map(({ name, userPrincipalName = "", distinguishedName, mobile = "", reasons }) => [
    ...[name, userPrincipalName, distinguishedName, mobile],
    String(reasons.length === 0),
    reasons.join(" "),
  ]);
  return [header, ...rows].map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

/**
 * People may write some of their own attributes, and a spreadsheet runs a cell that begins like a formula: such a cell gets an
 * apostrophe in front. A number with its country code begins with `+` and does nothing.
 */
function csvCell(text: string): string {
  const runs = /^[=+\-@\t\r]/.test(text) && !/^\+[\d ().-]+$/.test(text);
  const harmless = runs ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Without characters that steer a terminal or turn the direction of text. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\u{fffd}");
}

function withReady(person: JudgedPerson) {
  return { ...person, ready: person.reasons.length === 0 };
}
