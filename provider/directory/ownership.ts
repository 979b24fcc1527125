import { createHash } from "node:crypto";

/**
 * The attribute in which the kit signs what it creates. A create whose answer was lost finds its own object by it; every class has
 * the attribute, and Windows does not use it.
 */
export const OWNERSHIP_ATTRIBUTE = "adminDescription";

const PREFIX = "mfakit:";

/** The signature of one resource of one stack. */
export function ownershipMark(urn: string): string {
  return `${PREFIX}${createHash("sha256").update(urn).digest("hex").slice(0, 16)}`;
}

/** Signed by any resource of the kit. */
export function isMarked(adminDescription: string | undefined): boolean {
  return adminDescription?.startsWith(PREFIX) ?? false;
}
