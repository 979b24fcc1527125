import { z } from "zod";
import type { RevocationReason } from "../connections/acme.ts";
import { KEY_TYPES } from "./certificateKey.ts";
import { MOST_NAMES } from "./dnsNames.ts";
import { DEFAULT_RENEW_BEFORE } from "./renewal.ts";

/** Why a certificate is revoked; the words of RFC 5280, 5.3.1, that its holder can use. */
export const REVOCATION_REASONS = [
  "unspecified",
  "keyCompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
] as const satisfies readonly RevocationReason[];

export const certificateInputs = z.strictObject({
  dnsNames: z
    .array(z.string())
    .min(1)
    .max(MOST_NAMES)
    .describe("DNS names; the first is the common name. Wildcards are allowed; IDN names in Unicode or punycode."),
  dnsZoneId: z
    .string()
    .optional()
    .describe(
      "ARM id of the public DNS zone in which the DNS-01 challenge is answered. May be left out when the provider has `acme.dnsUpdate`.",
    ),
  delegatedZoneIds: z
    .array(z.string())
    .optional()
    .describe("ARM ids of further zones, into which CNAME records at the `_acme-challenge` names lead."),
  challenge: z
    .string()
    .optional()
    .describe("Kind of the challenge. Only `dns-01`, the default: `http-01` would need port 80 open to the Internet."),
  keyType: z
    .enum(KEY_TYPES)
    .default("rsa2048")
    .describe("Kind of the private key. Every Windows version of the product can import `rsa2048`."),
  renewBefore: z
    .number()
    .gt(0)
    .lt(1)
    .default(DEFAULT_RENEW_BEFORE)
    .describe(
      "Renew when less than this share of the lifetime is left; the authority's own window wins where it offers one.",
    ),
  pfxEncryption: z
    .enum(["compatible", "modern"])
    .default("compatible")
    .describe("`compatible`: 3DES, which Windows Server 2016 reads. `modern`: AES-256."),
  renewalTrigger: z
    .string()
    .optional()
    .describe("Another text than the last one orders a new certificate now; leaving it out again changes nothing."),
  profile: z
    .string()
    .optional()
    .describe("One of the profiles that the authority's directory lists. Default: the authority's own choice."),
  preferredChain: z
    .string()
    .optional()
    .describe(
      "Common name of an issuer that the chain should hold, where the authority offers several. Counts from the next certificate on. Default: the authority's first.",
    ),
  mustStaple: z
    .boolean()
    .optional()
    .describe(
      "Ask for the TLS feature extension (RFC 7633): clients then insist on a stapled OCSP answer. Default `false`.",
    ),
  revokeOnDelete: z.boolean().default(false).describe("Ask the authority to revoke the certificate on destroy."),
  revocationReason: z
    .enum(REVOCATION_REASONS)
    .optional()
    .describe("Reason that the authority is told then. Default `cessationOfOperation`."),
});

/** One certificate that a resource has had. */
const certificateRecord = z.strictObject({
  thumbprint: z.string(),
  serialNumber: z.string(),
  issuer: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
});

export const certificateOutputs = z.strictObject({
  dnsNames: z.array(z.string()).describe("The names in the certificate, in ASCII."),
  certificatePem: z.string().describe("PEM of the leaf certificate."),
  chainPem: z.string().describe("PEM of the issuers, leaf's issuer first."),
  privateKeyPem: z.string().describe("PEM of the private key, PKCS#8."),
  pfxBase64: z.string().describe("Base64 of the PFX with leaf, chain and key."),
  pfxPassword: z.string().describe("Password of the PFX: 32 letters and digits, new with each certificate."),
  thumbprint: z
    .string()
    .describe("SHA-1 of the leaf, 40 upper-case hexadecimal digits, as Windows names certificates."),
  serialNumber: z.string().describe("Serial number, upper-case hexadecimal digits."),
  issuer: z.string().describe("Distinguished name of the issuer."),
  notBefore: z.string().describe("Start of validity, ISO 8601."),
  notAfter: z.string().describe("End of validity, ISO 8601."),
  renewAfter: z.string().describe("From this moment on (ISO 8601) a preview plans the renewal."),
  renewalBy: z
    .enum(["authority", "lifetime"])
    .describe("Who says so: the authority's renewal information, or the share of the lifetime that is left."),
  history: z.array(certificateRecord).describe("The last ten certificates, this one first."),
  renewalTrigger: z.string().optional().describe("The text that was given when this certificate was ordered."),
  profile: z.string().optional().describe("The profile that it was ordered with."),
  mustStaple: z.boolean().optional().describe("True when must-staple was asked for."),
  accountKeyPem: z
    .string()
    .optional()
    .describe(
      "PEM of the generated account key, so that renewals use the same account; absent when the provider was given one.",
    ),
});

export type CertificateInputs = z.infer<typeof certificateInputs>;
export type CertificateRecord = z.infer<typeof certificateRecord>;
export type CertificateOutputs = z.infer<typeof certificateOutputs>;
