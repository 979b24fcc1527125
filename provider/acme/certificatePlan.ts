import { keyTypeOf } from "./certificateKey.ts";
import { asciiNames, sameNames } from "./dnsNames.ts";
import { pfxEncryptionOf } from "./pfxEncryption.ts";
import { type Period, pointInWindow, shareOfLifetimeLeft } from "./renewal.ts";
import type { CertificateInputs, CertificateOutputs } from "./schema.ts";

/** What separates the certificate that is there from the one that is wanted. */
export interface CertificatePlan {
  /** The properties that only a new certificate can satisfy. `notAfter`: the renewal is due. Empty: the certificate stays. */
  order: ("dnsNames" | "keyType" | "profile" | "mustStaple" | "notAfter" | "renewalTrigger")[];
  /** True when the PFX must be encrypted differently. */
  rebuildPfx: boolean;
  renewal: Renewal;
}

/** When a certificate is to be renewed, and who says so. */
export type Renewal = Pick<CertificateOutputs, "renewAfter" | "renewalBy">;

/** Compares the certificate itself, not what was once asked for, with what is asked for now. */
export function planCertificate(
  there: CertificateOutputs,
  wanted: CertificateInputs,
  now: Date,
  window: Period | undefined,
): CertificatePlan {
  const order: CertificatePlan["order"] = [];
  if (!sameNames(there.dnsNames, asciiNames(wanted.dnsNames))) order.push("dnsNames");
  if (keyTypeOf(there.certificatePem) !== wanted.keyType) order.push("keyType");
  // Neither can be told from the certificate when the authority does as it likes.
  if (there.profile !== wanted.profile) order.push("profile");
  if ((there.mustStaple ?? false) !== (wanted.mustStaple ?? false)) order.push("mustStaple");
  const renewal = renewalOf(there, wanted.renewBefore, window);
  if (Date.parse(renewal.renewAfter) <= now.getTime()) order.push("notAfter");
  if (wanted.renewalTrigger !== undefined && wanted.renewalTrigger !== there.renewalTrigger) {
    order.push("renewalTrigger");
  }
  const rebuildPfx = pfxEncryptionOf(Buffer.from(there.pfxBase64, "base64")) !== wanted.pfxEncryption;
  return { order, rebuildPfx, renewal };
}

/**
 * The authority's present window counts. When it cannot be asked now, what it said before still does; an authority that never said
 * anything leaves the decision to the share of the lifetime.
 */
export function renewalOf(
  certificate: Pick<CertificateOutputs, "notBefore" | "notAfter" | "serialNumber"> & Partial<Renewal>,
  renewBefore: number,
  window: Period | undefined,
): Renewal {
  if (window) {
    return { renewAfter: pointInWindow(window, certificate.serialNumber).toISOString(), renewalBy: "authority" };
  }
  if (certificate.renewalBy === "authority" && certificate.renewAfter) {
    return { renewAfter: certificate.renewAfter, renewalBy: "authority" };
  }
  return { renewAfter: shareOfLifetimeLeft(certificate, renewBefore).toISOString(), renewalBy: "lifetime" };
}
