import type { X509Certificate } from "node:crypto";

/** A leaf's issuers, nearest first, without a root; and what is missing to reach one. */
export interface BuiltChain {
  issuers: X509Certificate[];
  /** The authority whose certificate is neither there nor a trusted root. */
  missing: string | undefined;
}

/** Orders what came along into a chain: from the leaf to the certificate that a root signed. */
export function buildChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): BuiltChain {
  const issuers: X509Certificate[] = [];
  for (let current = leaf; ; ) {
    if (isSelfIssued(current)) return { issuers, missing: undefined };
    const issuer = others.find((each) => !issuers.includes(each) && hasSigned(each, current));
    if (issuer === undefined) {
      const ends = roots.some((root) => hasSigned(root, current));
      return { issuers, missing: ends ? undefined : current.issuer.split("\n").reverse().join(", ") };
    }
    if (isSelfIssued(issuer)) return { issuers, missing: undefined };
    issuers.push(issuer);
    current = issuer;
  }
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate);
}

function hasSigned(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
