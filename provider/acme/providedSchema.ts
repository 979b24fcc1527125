import { z } from "zod";
import { MOST_NAMES } from "./dnsNames.ts";
import { DEFAULT_RENEW_BEFORE } from "./renewal.ts";
import { certificateOutputs } from "./schema.ts";

/** Inputs of `mfakit:acme:ProvidedCertificate`; see `resource.ts` for the meaning of each. */
export const providedInputs = z.strictObject({
  dnsNames: z.array(z.string()).min(1).max(MOST_NAMES).describe("DNS names that the certificate must cover."),
  pfx: z
    .string()
    .optional()
    .describe(
      "Base64 of a PFX (PKCS#12) with certificate, chain and key. Either this, or `certificate` and `privateKey`.",
    ),
  pfxPassphrase: z.string().optional().describe("Password of `pfx`. Default: none."),
  certificate: z.string().optional().describe("PEM of the certificate and its issuers, in any order."),
  privateKey: z.string().optional().describe("PEM of the certificate's private key, without a passphrase."),
  trustedRoots: z
    .string()
    .optional()
    .describe("PEM of private roots at which the chain may end, beside those that this machine trusts."),
  renewBefore: z
    .number()
    .gt(0)
    .lt(1)
    .default(DEFAULT_RENEW_BEFORE)
    .describe("Warn when less than this share of the lifetime is left."),
  pfxEncryption: z
    .enum(["compatible", "modern"])
    .default("compatible")
    .describe("`compatible`: 3DES, which Windows Server 2016 reads. `modern`: AES-256."),
});

/** What an ACME certificate offers too, so that whoever uses one needs not care where it comes from. */
export const providedOutputs = certificateOutputs.pick({
  dnsNames: true,
  certificatePem: true,
  chainPem: true,
  privateKeyPem: true,
  pfxBase64: true,
  pfxPassword: true,
  thumbprint: true,
  serialNumber: true,
  issuer: true,
  notBefore: true,
  notAfter: true,
  renewAfter: true,
  renewalBy: true,
  history: true,
});

export type ProvidedInputs = z.infer<typeof providedInputs>;
export type ProvidedOutputs = z.infer<typeof providedOutputs>;
