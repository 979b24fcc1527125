import { z } from "zod";
import { forbiddenInAccountName } from "./accountName.ts";
import { parse } from "./distinguishedName.ts";

const distinguishedName = z.string().refine((text) => parse(text) !== undefined, {
  error: "must be a distinguished name, for example OU=MFA,DC=corp,DC=contoso,DC=com",
});

/** A common name; Active Directory allows 64 characters (attribute `cn`, rangeUpper). */
const commonName = z.string().min(1).max(64);

const description = z.string().min(1).max(1024);

/** Attribute `info`, shown as "Notes" (rangeUpper 1024). */
const info = z.string().min(1).max(1024);

const adopt = z.boolean().default(false);

const identity = {
  distinguishedName: z.string().describe("Where the object is now."),
  objectGuid: z.string().describe("objectGUID as dashed lower-case text; it survives renames and moves."),
  adopted: z.boolean().describe("True when the object was there before the kit; it is then kept on destroy."),
};

export const groupScope = z.enum(["DomainLocal", "Global", "Universal"]);

export const groupInputs = z.strictObject({
  name: commonName.describe("sAMAccountName and CN, at most 64 characters. Changing it renames the group."),
  organizationalUnit: distinguishedName.describe("Distinguished name of the container. Changing it moves the group."),
  scope: groupScope
    .optional()
    .describe("Default `Global`; an adopted group keeps the scope that it has unless this is set."),
  description: description.optional(),
  info: info.optional().describe("Notes."),
  managedBy: distinguishedName
    .optional()
    .describe("Distinguished name of the owner; says who answers for it, grants nothing."),
  adopt: adopt.describe("Take over a group of this name that is already there. Default false."),
});

export const groupOutputs = z.strictObject({
  name: z.string(),
  organizationalUnit: z.string(),
  scope: groupScope,
  description: z.string().optional(),
  info: z.string().optional(),
  managedBy: z.string().optional(),
  objectSid: z.string().describe("Security identifier, for example S-1-5-21-...-1104."),
  ...identity,
});

/** sAMAccountName of a user has at most 20 characters: longer ones cannot be used as `DOMAIN\name` (MS-ADTS 3.1.1.3.1.1.2.5). */
const userName = z
  .string()
  .min(1)
  .max(20)
  .refine((name) => forbiddenInAccountName(name) === undefined, {
    error: 'must not contain " / \\ [ ] : ; | = , + * ? < > @, nor end with a dot, nor begin or end with a space',
  });

export const kerberosType = z.enum(["RC4", "AES128", "AES256"]);

export const userInputs = z.strictObject({
  name: userName.describe("sAMAccountName, at most 20 characters; also the CN. Changing it renames the account."),
  userPrincipalName: z
    .string()
    .regex(/^[^@\s]+@[^@\s]+$/, { error: "must have the form name@domain" })
    .optional()
    .describe("Default: name@domain."),
  organizationalUnit: distinguishedName.describe("Distinguished name of the container. Changing it moves the account."),
  description: description.optional(),
  info: info.optional().describe("Notes."),
  password: z.string().min(1).max(127).optional().describe("Default: generated, 32 characters."),
  rotationTrigger: z.string().optional().describe("Any change sets a new password."),
  passwordNeverExpires: z.boolean().default(true),
  cannotChangePassword: z
    .boolean()
    .optional()
    .describe("True: the account may not change its own password, by its access list. Default: left as it is."),
  kerberosTypes: z
    .array(kerberosType)
    .min(1)
    .optional()
    .describe("Encryption of its Kerberos tickets. Default: left as it is."),
  enabled: z.boolean().default(true),
  adopt: adopt.describe("Take over an account of this name that is already there. Default false."),
});

export const userOutputs = z.strictObject({
  name: z.string(),
  userPrincipalName: z.string(),
  organizationalUnit: z.string(),
  description: z.string().optional(),
  info: z.string().optional(),
  objectSid: z.string().describe("Security identifier."),
  password: z.string().describe("The password in force, as far as the kit knows; empty after an import."),
  qualifiedName: z.string().describe("DOMAIN\\name."),
  passwordLastSet: z.string().describe("pwdLastSet of the directory, ISO 8601 with 100 ns digits."),
  passwordSetByKit: z
    .string()
    .describe(
      "passwordLastSet after the kit set the password; when the two differ, somebody else set it. Empty when the recorded password did not log on.",
    ),
  rotationTrigger: z.string().optional().describe("The trigger for which the password was last set."),
  passwordNeverExpires: z.boolean(),
  cannotChangePassword: z.boolean().optional().describe("Read only when the program declares it."),
  kerberosTypes: z.array(kerberosType).optional(),
  enabled: z.boolean(),
  ...identity,
});

export const membershipInputs = z.strictObject({
  group: z.string().min(1).describe("objectGUID, distinguished name or sAMAccountName of the group."),
  members: z
    .array(z.string().min(1))
    .describe("Each a distinguished name, sAMAccountName, userPrincipalName or objectGUID; computers as NAME$."),
  exclusive: z.boolean().default(false).describe("True: exactly these members. Default false: at least these."),
  checkReadiness: z.boolean().default(false).describe("Report who of the group lacks what MFA needs."),
});

export const unreadyReason = z.enum([
  "noMobile",
  "unreadableMobile",
  "mobileWithExtension",
  "disabled",
  "expired",
  "noUserPrincipalName",
]);

export const membershipOutputs = z.strictObject({
  group: z.string(),
  members: z
    .array(z.string())
    .describe("The declared members that the group has, spelled as declared; when exclusive, also those not declared."),
  exclusive: z.boolean(),
  checkReadiness: z.boolean(),
  addedByKit: z
    .array(z.string())
    .describe("objectGUIDs of the members that the kit added; only these leave on destroy."),
  people: z.array(z.string()).describe("sAMAccountNames of everybody in the group, nested groups resolved."),
  unready: z
    .array(z.strictObject({ name: z.string(), distinguishedName: z.string(), reasons: z.array(unreadyReason) }))
    .describe("People of the group who cannot use MFA yet."),
});

export const organizationalUnitInputs = z.strictObject({
  name: commonName.describe("Changing it renames the unit."),
  parent: distinguishedName.describe("Distinguished name of the parent. Changing it moves the unit."),
  description: description.optional(),
  managedBy: distinguishedName
    .optional()
    .describe("Distinguished name of the owner; says who answers for it, grants nothing."),
  adopt: adopt.describe("Take over a unit that is already there. Default false."),
});

export const organizationalUnitOutputs = z.strictObject({
  name: z.string(),
  parent: z.string(),
  description: z.string().optional(),
  managedBy: z.string().optional(),
  ...identity,
});

export const domainJoinInputs = z.strictObject({
  computerName: z.string().min(1).max(15).describe("Windows name of the machine that is going to join."),
  organizationalUnit: distinguishedName.describe("Where its computer account is created."),
  user: z.string().min(1).describe("Account that joins: DOMAIN\\name or name@domain."),
  password: z.string().min(1).meta({ secret: true }).describe("Its password; one bind proves it."),
});

export const domainJoinOutputs = z.strictObject({
  computerName: z.string(),
  organizationalUnit: z.string(),
  user: z.string(),
  computerAccount: z.string().describe("sAMAccountName of the machine."),
  preStaged: z.boolean().describe("True when the account was there before and may be taken over."),
});

export type DomainJoinInputs = z.infer<typeof domainJoinInputs>;
export type DomainJoinOutputs = z.infer<typeof domainJoinOutputs>;
export type KerberosType = z.infer<typeof kerberosType>;
export type GroupScope = z.infer<typeof groupScope>;
export type GroupInputs = z.infer<typeof groupInputs>;
export type GroupOutputs = z.infer<typeof groupOutputs>;
export type UserInputs = z.infer<typeof userInputs>;
export type UserOutputs = z.infer<typeof userOutputs>;
export type MembershipInputs = z.infer<typeof membershipInputs>;
export type MembershipOutputs = z.infer<typeof membershipOutputs>;
export type UnreadyReason = z.infer<typeof unreadyReason>;
export type OrganizationalUnitInputs = z.infer<typeof organizationalUnitInputs>;
export type OrganizationalUnitOutputs = z.infer<typeof organizationalUnitOutputs>;
