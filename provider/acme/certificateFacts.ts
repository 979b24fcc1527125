import { createPrivateKey, X509Certificate } from "node:crypto";

/** What a leaf certificate says about itself, in the forms of the resource's outputs. */
export interface CertificateFacts {
  dnsNames: string[];
  /** SHA-1, 40 upper-case hexadecimal digits. */
  thumbprint: string;
  /** Upper-case hexadecimal digits. */
  serialNumber: string;
  /** `CN=..., O=...`, most specific part first. */
  issuer: string;
  /** ISO 8601. */
  notBefore: string;
  /** ISO 8601. */
  notAfter: string;
}

/** Reads a PEM certificate. Throws what node throws when it is none. */
export function certificateFacts(certificatePem: string): CertificateFacts {
  const certificate = new X509Certificate(certificatePem);
  return {
    dnsNames: (certificate.subjectAltName ?? "")
      .split(", ")
      .filter((entry) => entry.startsWith("DNS:"))
      .map((entry) => entry.slice("DNS:".length)),
    thumbprint: certificate.fingerprint.replaceAll(":", ""),
    serialNumber: certificate.serialNumber,
    issuer: certificate.issuer.split("\n").reverse().join(", "),
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
  };
}

/** True when the private key belongs to the certificate. */
export function keyBelongsTo(privateKeyPem: string, certificatePem: string): boolean {
  return new X509Certificate(certificatePem).checkPrivateKey(createPrivateKey(privateKeyPem));
}
