import { z } from "zod";
import { certificates, dnsName, flag, guid, httpsUrl, resolver } from "../fields.ts";

const timeToLive = z
  .int()
  .min(1)
  .max(2147483647)
  .meta({ accepted: "a whole number from 1 to 2147483647", examples: [300] });

const ipv6Address = z.ipv6().meta({ accepted: "an IPv6 address", examples: ["2001:db8::10"] });

const resourceGroup = z
  .string()
  .max(90)
  .regex(/^[\p{L}\p{N}_.()-]*[\p{L}\p{N}_()-]$/u)
  .meta({ accepted: "1 to 90 letters, digits, and _ - . ( ); no dot last", examples: ["rg-dns"] });

const parentZone = z.strictObject({
  name: dnsName.meta({ description: "Name of the zone above.", examples: ["contoso.com"] }),
  resourceGroup: resourceGroup.describe("Resource group of the zone above."),
  subscriptionId: guid.optional().describe("Subscription of the zone above. Default: `azure.subscriptionId`."),
});

const zone = z.strictObject({
  name: dnsName.meta({ description: "Name of the public DNS zone in Azure.", examples: ["dev.contoso.com"] }),
  resourceGroup: resourceGroup.describe("Resource group of the zone; it exists before the kit."),
  subscriptionId: guid.optional().describe("Subscription of the zone. Default: `azure.subscriptionId`."),
  delegatedFrom: parentZone
    .optional()
    .describe(
      "Make the zone, and delegate it by an NS record in this zone above. Default: the zone exists before the kit.",
    ),
});

/** The public name of the service. */
export const publicEndpointSection = z.strictObject({
  hostName: dnsName.meta({
    description: "Public DNS name of the service, inside `zone.name`; the certificate is issued for it.",
    examples: ["mfa.dev.contoso.com"],
  }),
  zone: zone.describe("The public DNS zone that holds the name."),
  ttl: timeToLive.default(300).describe("How long resolvers may keep the address records, in seconds."),
  caaTtl: timeToLive.optional().describe("How long resolvers may keep the CAA record, in seconds. Default: `ttl`."),
  ipv6Addresses: z
    .array(ipv6Address)
    .default([])
    .meta({
      description:
        "IPv6 addresses under which the service answers too, through something that the kit does not make; they become the AAAA record.",
      examples: [["2001:db8::10"]],
    }),
  caaAccountUri: httpsUrl.optional().meta({
    description:
      "The account at the certificate authority to which CAA limits it (RFC 8657). Only for an authority that documents `accounturi`; needs a fixed account key (`acmeAccountKey`).",
    examples: ["https://acme-v02.api.letsencrypt.org/acme/acct/1234567"],
  }),
  adopt: z
    .array(z.enum(["A", "AAAA", "CAA"]))
    .default([])
    .meta({
      description:
        "Record sets of the name that are there already and shall be taken over; they are kept on destroy. Without it the deployment refuses what exists.",
      examples: [["A"]],
    }),
  hstsMaxAge: z
    .int()
    .min(0)
    .max(63072000)
    .default(31536000)
    .meta({
      description:
        "How long browsers remember to use HTTPS alone, in seconds (Strict-Transport-Security); 0 sends no such header.",
      accepted: "a whole number from 0 to 63072000",
      examples: [31536000],
    }),
  verifyServed: flag
    .default(true)
    .describe(
      "After a renewal, keep the old certificate on the host until the new one answers at the public name, asked from the machine that runs Pulumi. `false` where that machine cannot reach port 443 of the service.",
    ),
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
