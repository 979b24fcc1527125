import type { CertificateOutputs, CertificateRecord } from "./schema.ts";

/** How many certificates are remembered: with 45 days each, more than a year. */
const MOST = 10;

/** The certificates that there have been, the new one first. A state from before the history was kept knows one former certificate. */
export function withHistory(
  current: CertificateRecord,
  former: (Pick<CertificateOutputs, keyof CertificateRecord> & { history?: CertificateRecord[] }) | undefined,
): CertificateRecord[] {
  const earlier = former === undefined ? [] : (former.history ?? [recordOf(former)]);
  const others = earlier.filter(({ thumbprint }) => thumbprint !== current.thumbprint);
  return [recordOf(current), ...others].slice(0, MOST);
}

function recordOf({ thumbprint, serialNumber, issuer, notBefore, notAfter }: CertificateRecord): CertificateRecord {
  return { thumbprint, serialNumber, issuer, notBefore, notAfter };
}
