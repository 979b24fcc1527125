import type { Report } from "../report.ts";

/** The report model itself; `--compare` reads it again. */
export function json(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
