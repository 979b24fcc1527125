import { z } from "zod";
import {
  accountName,
  bindAccount,
  certificates,
  distinguishedName,
  flag,
  groupName,
  ldapsUrl,
  memberName,
  resolver,
} from "../fields.ts";
import { directoryKind } from "./entra.ts";

const adopt = (what: string) =>
  flag
    .default(false)
    .describe(
      `Take over ${what} of this name that is already there; it is then kept on destroy. Otherwise one that exists is an error.`,
    );

const members = (who: string) =>
  z
    .array(memberName)
    .default([])
    .meta({ description: `${who} Others that are in the group stay.`, examples: [["alice"]] });

const mfaUsers = z.strictObject({
  name: groupName.default("MFA Users").describe("Group of the people who use MFA."),
  adopt: adopt("a group"),
  members: members("People to put into the group."),
});

const phoneFactorAdmins = z.strictObject({
  name: groupName
    .default("PhoneFactor Admins")
    .describe("Group whose members may call the Web Service SDK. The product looks for this exact name."),
  adopt: adopt("a group"),
  members: members("Members beside the service account and the host."),
});

const serviceAccount = z.strictObject({
  name: accountName
    .default("MfaWebService")
    .describe(
      "Account by which the web services call the Web Service SDK. Its password is generated unless `serviceAccountPassword` is set.",
    ),
  adopt: adopt("an account"),
  rotationTrigger: z
    .string()
    .optional()
    .meta({
      description: "Any text; each change of it sets another generated password.",
      examples: ["2026-04"],
    }),
});

/** A name would need another resolver to find it. */
const resolverAddress = resolver
  .regex(/^[\d[]/, { error: "is not an IP address" })
  .meta({ accepted: "an IP address, with or without a port; IPv6 in brackets", examples: ["10.10.0.4"] });

/** What the kit reads and writes in Active Directory, by LDAPS. */
export const directorySection = z.strictObject({
  kind: directoryKind,
  domainControllers: z
    .array(ldapsUrl)
    .min(1)
    .optional()
    .meta({
      description:
        "LDAPS addresses of the domain controllers, in order of preference. Default: those that the domain publishes in DNS (SRV records of `_ldap._tcp.dc._msdcs.<domain>`).",
      examples: [["ldaps://dc1.corp.contoso.com"]],
    }),
  dnsServers: z
    .array(resolverAddress)
    .min(1)
    .optional()
    .meta({
      description:
        "Resolvers that know the domain, by IP address, for finding its domain controllers. Default: the system's.",
      examples: [["10.10.0.4"]],
    }),
  bindUser: bindAccount.describe("Account that reads and writes the directory; its password is `directoryPassword`."),
  organizationalUnit: distinguishedName.describe("Where the groups and the service account are created."),
  caCertificates: certificates
    .optional()
    .describe("Private certificate authorities to trust for the domain controllers, beside the system's."),
  mfaUsers: mfaUsers.prefault({}).describe("The group of the people who use MFA."),
  phoneFactorAdmins: phoneFactorAdmins.prefault({}).describe("The group that may administer the product."),
  serviceAccount: serviceAccount.prefault({}).describe("The account of the web services."),
});
