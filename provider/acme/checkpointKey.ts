import type { AcmeAccount } from "../connections/acme.ts";

/** What tells the order of one resource from all others on this machine. */
export function checkpointKey(acme: AcmeAccount, urn: string): string[] {
  return [acme.directoryUrl, urn];
}
