import { z } from "zod";

export const licencesInputs = z.strictObject({
  people: z
    .array(z.string().min(1).max(256))
    .describe(
      "Each a userPrincipalName, or an account of Active Directory by SID, objectGUID or sAMAccountName. Their order and spelling mean nothing.",
    ),
  domain: z
    .string()
    .min(1)
    .optional()
    .describe(
      "DNS name of the Active Directory domain to which sAMAccountNames belong. Default: that of the provider's directory connection.",
    ),
  skus: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      "Part numbers of the only products that count, for example EMSPREMIUM. Default: every product of the tenant that contains Entra ID P1 or P2.",
    ),
  synchronisedOnly: z
    .boolean()
    .default(true)
    .describe("Only users synchronised from Active Directory count as found. False for people who live in Entra ID."),
});

export const licencesOutputs = z.strictObject({
  counted: z.number().int().describe("How many different people were looked at."),
  licensed: z.number().int().describe("How many of them have Entra ID P1 or P2."),
  licensedByGroup: z
    .number()
    .int()
    .describe("How many of those have it through a group alone; 0 when only plans can be read."),
  unlicensed: z.array(z.string()).describe("userPrincipalNames of those who have neither, or have the plan disabled."),
  notFound: z
    .array(z.string())
    .describe("Those whom Entra ID does not have (or has, but not synchronised), spelled as given."),
  judgedBy: z
    .enum(["assignments", "plans"])
    .describe("`assignments`: by products and their disabled plans. `plans`: the tenant's products may not be read."),
});

export type LicencesInputs = z.infer<typeof licencesInputs>;
export type LicencesOutputs = z.infer<typeof licencesOutputs>;

/** An object that Entra ID has and the managed domain is about to get. */
const entraObject = {
  objectId: z
    .string()
    .min(1)
    .describe("Its id in Entra ID. Another id is another object: then its arrival is waited for again."),
};

export const arrivalInputs = z.strictObject({
  users: z
    .array(z.strictObject({ ...entraObject, userPrincipalName: z.string().min(3) }))
    .describe("Users, found in the domain by their userPrincipalName, which is synchronised as it is."),
  groups: z
    .array(
      z.strictObject({
        ...entraObject,
        name: z.string().min(1).describe("displayName, which also becomes the sAMAccountName."),
        members: z.array(z.string().min(3)).describe("userPrincipalNames of members that must have arrived in it."),
      }),
    )
    .describe("Security groups."),
  timeoutMinutes: z.number().gt(0).max(2880).default(60).describe("How long the arrival is waited for."),
  pollSeconds: z.number().gt(0).max(600).default(30).describe("Time between two looks into the domain."),
});

/** What the domain made of an object. */
const arrived = {
  accountName: z.string().describe("sAMAccountName; the domain makes one up when the name is taken or too long."),
  qualifiedName: z.string().describe("DOMAIN\\name."),
  distinguishedName: z.string(),
  objectGuid: z.string(),
  objectSid: z.string(),
};

export const arrivalOutputs = z.strictObject({
  users: z.array(z.strictObject({ userPrincipalName: z.string(), ...arrived })).describe("In the order of the input."),
  groups: z
    .array(
      z.strictObject({
        name: z.string(),
        members: z.array(z.string()).describe("Those of the input, who are all in it."),
        ...arrived,
      }),
    )
    .describe("In the order of the input."),
});

export const passwordInputs = z.strictObject({
  accountName: z.string().min(1).describe("The account that gets it: no password contains its account's name."),
  rotationTrigger: z.string().optional().describe("Any change makes another password."),
});

export const passwordOutputs = z.strictObject({
  password: z
    .string()
    .describe("32 letters, digits and signs that neither Windows nor the product's configuration files stumble over."),
});

export type ArrivalInputs = z.infer<typeof arrivalInputs>;
export type ArrivalOutputs = z.infer<typeof arrivalOutputs>;
export type PasswordInputs = z.infer<typeof passwordInputs>;
export type PasswordOutputs = z.infer<typeof passwordOutputs>;
