import { DAY, daysBetween } from "./days.ts";
import type { CertificateStatus } from "./status.ts";

/** When monitoring is to be told, in days. */
export interface Limits {
  /** WARNING with fewer days left. Default: from a day behind the renewal's due time on. */
  warning?: number | undefined;
  /** CRITICAL with fewer days left. Default: when the certificate has expired. */
  critical?: number | undefined;
  /** CRITICAL when the certificate is older. Default: any age will do. */
  maxAge?: number | undefined;
}

/** States by their exit codes, as Nagios, Icinga and their kin know them. */
export const states = ["OK", "WARNING", "CRITICAL", "UNKNOWN"] as const;

/** One line for monitoring, and the exit code that goes with it. */
export interface Verdict {
  exitCode: 0 | 1 | 2 | 3;
  line: string;
}

/** A service that is worse in several ways is as bad as the worst, and says all of them. */
export function judge({ hostName, stack, served }: CertificateStatus, limits: Limits, now: Date): Verdict {
  const faults: [level: 1 | 2, text: string][] = [];
  if ("fault" in served) faults.push([2, `the endpoint fails: ${served.fault}`]);
  const shown = "fault" in served ? stack : served;
  const left = daysBetween(now, new Date(shown.notAfter));
  const age = daysBetween(new Date(shown.notBefore), now);
  const { warning, critical = 0, maxAge } = limits;
  if (left < critical) faults.push([2, left < 0 ? "it has expired" : `fewer than ${critical} days are left`]);
  else if (warning !== undefined && left < warning) faults.push([1, `fewer than ${warning} days are left`]);
  if (warning === undefined && now.getTime() > Date.parse(stack.renewAfter) + DAY) {
    faults.push([1, `its renewal is due since ${stack.renewAfter}`]);
  }
  if (maxAge !== undefined && age > maxAge) faults.push([2, `it is older than ${maxAge} days`]);
  if (!("fault" in served) && served.thumbprint !== stack.thumbprint) {
    faults.push([1, `the endpoint serves ${served.thumbprint}, the stack holds ${stack.thumbprint}`]);
  }
  const exitCode = Math.max(0, ...faults.map(([level]) => level)) as 0 | 1 | 2;
  const said = faults.sort(([a], [b]) => b - a).map(([, text]) => text);
  const summary = [`${hostName}: ${left} days left, until ${shown.notAfter}`, ...said].join("; ");
  const data = [`days_left=${left};${range(warning)};${critical}:`, `days_old=${age};;${maxAge ?? ""}`].join(" ");
  return { exitCode, line: `CERTIFICATE ${states[exitCode]} - ${summary} | ${data}` };
}

/** The answer when nothing could be found out. */
export function unknown(why: string): Verdict {
  return { exitCode: 3, line: `CERTIFICATE UNKNOWN - ${why.replace(/[|\r\n]+/g, " ")}` };
}

/** Threshold of a value that must not fall below it, as monitoring plugins write ranges. */
function range(lowest: number | undefined): string {
  return lowest === undefined ? "" : `${lowest}:`;
}
