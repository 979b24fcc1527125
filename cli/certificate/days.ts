import { UserError } from "../../provider/engine/userError.ts";

export const DAY = 24 * 60 * 60 * 1000;

/** Days between two moments, rounded down; negative when the second comes first. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY);
}

/**
 * A number of days from the command line.
 * @throws UserError `BAD_DAYS`
 */
export function parseDays(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UserError("BAD_DAYS", {
    what: `${option} ${text}`,
    why: "it is not a number of days",
    next: `Give one, for example ${option} 20.`,
  });
}
