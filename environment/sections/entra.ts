import { z } from "zod";
import { dnsName, flag, httpsUrl } from "../fields.ts";

/** Where the people's domain comes from. */
export const directoryKind = z
  .enum(["activeDirectory", "entraDomainServices"])
  .default("activeDirectory")
  .meta({
    description:
      "What the domain is. `activeDirectory`: an own domain; groups and accounts are made by LDAPS. `entraDomainServices`: a managed domain; they are made in Entra ID and arrive by synchronisation (see docs/entra.md for what it cannot do).",
    examples: ["activeDirectory"],
  });

const productName = z
  .string()
  .regex(/^[A-Za-z0-9_]+$/)
  .meta({ accepted: "the part number of a product, as Microsoft Graph's subscribedSkus has it", examples: ["EMS"] });

const licences = z.strictObject({
  check: flag
    .default(true)
    .describe(
      "Whether it is read that everybody in `directory.mfaUsers` has Entra ID P1 or P2. Needs the application permissions User.Read.All and LicenseAssignment.Read.All of Microsoft Graph.",
    ),
  skus: z
    .array(productName)
    .min(1)
    .optional()
    .meta({
      description:
        "The only products that count. Default: every product of the tenant that contains Entra ID P1 or P2.",
      examples: [["EMS"]],
    }),
});

/** Entra ID as the kit reads it through Microsoft Graph, and writes it where the domain is a managed one. */
export const entraSection = z.strictObject({
  graphEndpoint: httpsUrl.optional().meta({
    description:
      "Address of Microsoft Graph. Default: that of `azure.cloud`, for example `https://graph.microsoft.com`.",
    examples: ["https://graph.microsoft.com"],
  }),
  licences: licences.prefault({}).describe("The licences of the people who use MFA."),
  userDomain: dnsName.optional().meta({
    description:
      "Verified domain of the tenant in which accounts are made, with `directory.kind: entraDomainServices`. Default: `domain.name`.",
    examples: ["contoso.com"],
  }),
  arrivalTimeoutMinutes: z
    .int()
    .min(1)
    .max(2880)
    .default(60)
    .meta({
      description:
        "How long a deployment waits for groups and accounts to arrive in a managed domain, in minutes. Microsoft names hours to days for the first synchronisation and no bound for later ones.",
      accepted: "a whole number of minutes from 1 to 2880 (two days)",
      examples: [60],
    }),
});
