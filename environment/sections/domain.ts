import { z } from "zod";
import { distinguishedName, dnsName, joinAccount } from "../fields.ts";

/** The Active Directory domain that the host joins. */
export const domainSection = z.strictObject({
  name: dnsName.describe("DNS name of the Active Directory domain."),
  netbiosName: z
    .string()
    .max(15)
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/)
    .meta({
      description: "NetBIOS name of the domain, as in `CORP\\alice`.",
      accepted: "1 to 15 letters, digits and hyphens; no hyphen first or last",
      examples: ["CORP"],
    }),
  joinUser: joinAccount.describe(
    "Account that joins the host to the domain and may create computer objects in `organizationalUnit`; its password is `domainJoinPassword`.",
  ),
  organizationalUnit: distinguishedName.meta({
    description: "Where the host's computer object is created.",
    examples: ["OU=Servers,DC=corp,DC=contoso,DC=com"],
  }),
});
