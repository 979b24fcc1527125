import { z } from "zod";
import { certificates, dnsName, flag, httpsUrl } from "../fields.ts";

/** The certificate of the public name. */
export const certificateSection = z.strictObject({
  directoryUrl: httpsUrl.default("https://acme-v02.api.letsencrypt.org/directory").meta({
    description: "Directory of the ACME certificate authority.",
    examples: ["https://acme-v02.api.letsencrypt.org/directory"],
  }),
  contactEmail: z
    .email()
    .optional()
    .meta({
      description: "Whom the certificate authority writes to about the account.",
      accepted: "an e-mail address",
      examples: ["identity-team@contoso.com"],
    }),
  keyType: z
    .enum(["rsa2048", "rsa3072", "rsa4096", "ecdsaP256", "ecdsaP384"])
    .default("rsa2048")
    .describe("Kind of the certificate's key."),
  caaIssuer: dnsName.optional().meta({
    description:
      "Who may issue certificates for the name, as the authority calls itself in CAA records. Default for Let's Encrypt: `letsencrypt.org`; needed for every other authority.",
    accepted: "the domain name that the authority documents for CAA records",
    examples: ["letsencrypt.org"],
  }),
  renewBefore: z
    .number()
    .gt(0)
    .lt(1)
    .default(1 / 3)
    .meta({
      description:
        "Renew when less than this share of the lifetime is left; where the authority offers renewal information, that wins. Default: a third.",
      accepted: "a number above 0 and below 1",
      examples: [0.33],
    }),
  pfxEncryption: z
    .enum(["compatible", "modern"])
    .default("compatible")
    .describe(
      "Encryption of the PFX on its way to the host: `compatible` (3DES, read by Windows Server 2016) or `modern` (AES-256, from Windows Server 2019).",
    ),
  revokeOnDelete: flag.default(false).describe("Ask the authority to revoke the certificate on destroy."),
  caCertificates: certificates
    .optional()
    .describe("Private certificate authorities to trust for `directoryUrl` itself, beside the system's."),
});
