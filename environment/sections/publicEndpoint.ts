import { z } from "zod";
import { certificates, dnsName, guid, resolver } from "../fields.ts";

const zone = z.strictObject({
  name: dnsName.meta({ description: "Name of the public DNS zone in Azure.", examples: ["dev.contoso.com"] }),
  resourceGroup: z
    .string()
    .max(90)
    .regex(/^[\p{L}\p{N}_.()-]*[\p{L}\p{N}_()-]$/u)
    .meta({
      description: "Resource group of the zone. The zone exists before the kit.",
      accepted: "1 to 90 letters, digits, and _ - . ( ); no dot last",
      examples: ["rg-dns"],
    }),
  subscriptionId: guid.optional().describe("Subscription of the zone. Default: `azure.subscriptionId`."),
});

/** The public name of the service. */
export const publicEndpointSection = z.strictObject({
  hostName: dnsName.meta({
    description: "Public DNS name of the service, inside `zone.name`; the certificate is issued for it.",
    examples: ["mfa.dev.contoso.com"],
  }),
  zone: zone.describe("The public DNS zone that holds the name."),
  ttl: z
    .int()
    .min(1)
    .max(2147483647)
    .default(300)
    .meta({
      description: "How long resolvers may keep the records, in seconds.",
      accepted: "a whole number from 1 to 2147483647",
      examples: [300],
    }),
  dnsServers: z
    .array(resolver)
    .min(1)
    .optional()
    .meta({
      description:
        "Resolvers that see the public zone. Default: ACME challenges are checked at the zone's name servers, and `mfakit verify` looks the public name up with the system's resolver.",
      examples: [["10.10.0.4:53"]],
    }),
  trustedRoots: certificates
    .optional()
    .describe(
      "Roots by which the public chain may be verified beside the public ones, for a private certificate authority.",
    ),
});
