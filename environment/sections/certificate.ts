import { z } from "zod";
import { certificates, dnsName, flag, httpsUrl, resolver } from "../fields.ts";
import { keyVaultSection } from "./keyVault.ts";

const EXAMPLE_ZONE_ID =
  "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-dns/providers/Microsoft.Network/dnsZones/challenges.contoso.net";

const dnsZoneId = z
  .string()
  .regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/dnsZones\/[^/]+$/i)
  .meta({ accepted: "the ARM id of a public DNS zone", examples: [EXAMPLE_ZONE_ID] });

const dnsUpdate = z.strictObject({
  server: resolver.meta({ description: "The zone's primary server." }),
  zone: dnsName.meta({ description: "Name of the zone.", examples: ["challenges.contoso.net"] }),
  keyName: z
    .string()
    .min(1)
    .meta({
      description: "Name of the TSIG key on the server; its secret is `dnsUpdateKey`.",
      accepted: "a name as in the server's configuration",
      examples: ["mfakit"],
    }),
  algorithm: z
    .enum(["hmac-sha256", "hmac-sha384", "hmac-sha512"])
    .default("hmac-sha256")
    .describe("Algorithm of the TSIG key."),
});

/** The certificate of the public name. */
export const certificateSection = z.strictObject({
  source: z
    .enum(["acme", "provided"])
    .default("acme")
    .describe(
      "Where the certificate comes from: `acme` orders and renews it; `provided` takes one of the organisation's own authority (secret `certificatePfx`, or `certificateFile` and the secret `certificatePrivateKey`), checks it, and warns when it is time for another.",
    ),
  certificateFile: certificates
    .optional()
    .describe(
      "With `source: provided`: the certificate and its issuers, where they are not in the secret `certificatePfx`.",
    ),
  renewalTrigger: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "Another text than the last one orders a new certificate now, whatever the renewal window says; `mfakit certificate renew` gives one for a single deployment. Default: renewed when it is due.",
      accepted: "any text, for example the date",
      examples: ["2026-11-25"],
    }),
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
  keyVault: keyVaultSection
    .optional()
    .describe(
      "Bring the certificate to the host through Azure Key Vault: it is imported there, and the host's Key Vault extension takes it from there. Default: it is imported on the host directly.",
    ),
  revokeOnDelete: flag.default(false).describe("Ask the authority to revoke the certificate on destroy."),
  revocationReason: z
    .enum(["unspecified", "keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation"])
    .optional()
    .describe("Reason that the authority is told then. Default: `cessationOfOperation`."),
  profile: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "Profile of the certificate, where the authority offers several. Default: the authority's own choice.",
      accepted: "a name from `profiles` in the authority's directory",
      examples: ["shortlived"],
    }),
  preferredChain: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "Common name of an issuer that the chain should hold, where the authority offers several; counts from the next certificate on. Default: the authority's first chain.",
      accepted: "the issuer's common name, letter by letter",
      examples: ["ISRG Root X1"],
    }),
  mustStaple: flag
    .default(false)
    .describe(
      "Ask for must-staple (RFC 7633): browsers then insist on a stapled OCSP answer. Many authorities have given up OCSP.",
    ),
  challenge: z
    .string()
    .refine((value) => value === "dns-01", {
      error:
        "is another challenge than dns-01; http-01 needs port 80, which the kit keeps closed, and proves no wildcard",
    })
    .default("dns-01")
    .meta({ description: "How control of the name is proven.", accepted: "dns-01", examples: ["dns-01"] }),
  externalAccountKeyId: z
    .string()
    .min(1)
    .optional()
    .meta({
      description:
        "Name of the key for external account binding, for authorities that want an account of their own; its secret is `acmeExternalAccountKey`.",
      accepted: "the key identifier that the authority gives",
      examples: ["kid-1"],
    }),
  delegatedZones: z
    .array(dnsZoneId)
    .min(1)
    .optional()
    .meta({
      description:
        "Further Azure DNS zones into which CNAME records at `_acme-challenge` names lead. Default: challenges are answered in `publicEndpoint.zone`.",
      examples: [[EXAMPLE_ZONE_ID]],
    }),
  dnsUpdate: dnsUpdate
    .optional()
    .describe(
      "A zone outside Azure in which challenges are answered by signed DNS updates (RFC 2136): the one that CNAME records at `_acme-challenge` names lead into, or that holds the name.",
    ),
  caCertificates: certificates
    .optional()
    .describe("Private certificate authorities to trust for `directoryUrl` itself, beside the system's."),
});
