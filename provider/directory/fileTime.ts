/** Windows counts in 100 ns since 1601; JavaScript in milliseconds since 1970. */
const TICKS_PER_SECOND = 10_000_000n;
const TICKS_PER_MILLISECOND = 10_000n;
const SECONDS_1601_TO_1970 = 11_644_473_600n;

/** "Never", as accountExpires stores it beside 0 (MS-ADA1 2.2). */
const NEVER = 0x7fff_ffff_ffff_ffffn;

/** A FILETIME attribute, decimal text, as ISO 8601 with all seven digits of its fraction. */
export function isoOfFileTime(text: string): string {
  const ticks = BigInt(text);
  const seconds = ticks / TICKS_PER_SECOND - SECONDS_1601_TO_1970;
  const fraction = (ticks % TICKS_PER_SECOND).toString().padStart(7, "0");
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}Z`;
}

/** Whether an account with this accountExpires can no longer log on. */
export function isExpired(accountExpires: string | undefined, now: Date): boolean {
  const ticks = BigInt(accountExpires ?? "0");
  if (ticks === 0n || ticks === NEVER) return false;
  return ticks <= (BigInt(now.getTime()) + SECONDS_1601_TO_1970 * 1000n) * TICKS_PER_MILLISECOND;
}
