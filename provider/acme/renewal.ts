import { createHash } from "node:crypto";

/** A span of time. */
export interface Period {
  start: Date;
  end: Date;
}

/** Renew when a third of the lifetime is left: right for 90 days and for 45. */
export const DEFAULT_RENEW_BEFORE = 1 / 3;

/** The moment at which the share `renewBefore` (0 to 1) of the certificate's lifetime is left. */
export function shareOfLifetimeLeft(certificate: { notBefore: string; notAfter: string }, renewBefore: number): Date {
  const from = Date.parse(certificate.notBefore);
  const to = Date.parse(certificate.notAfter);
  return wholeSeconds(to - (to - from) * renewBefore);
}

/**
 * A point in the authority's window. RFC 9773 (4.2) wants a random one, to spread the load; it must also be the same at every
 * look, or previews would waver. The serial number is random and stays.
 */
export function pointInWindow(window: Period, serialNumber: string): Date {
  const fraction = createHash("sha256").update(serialNumber).digest().readUInt32BE(0) / 2 ** 32;
  return wholeSeconds(window.start.getTime() + (window.end.getTime() - window.start.getTime()) * fraction);
}

function wholeSeconds(milliseconds: number): Date {
  return new Date(Math.floor(milliseconds / 1000) * 1000);
}
