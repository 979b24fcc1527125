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
} from "../fields.ts";

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
});

/** What the kit reads and writes in Active Directory, by LDAPS. */
export const directorySection = z.strictObject({
  domainControllers: z
    .array(ldapsUrl)
    .min(1)
    .meta({
      description: "LDAPS addresses of the domain controllers, in order of preference.",
      examples: [["ldaps://dc1.corp.contoso.com"]],
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
