import { z } from "zod";

const thumbprint = z.string().describe("SHA-1 of the certificate, 40 upper-case hexadecimal digits.");

/** Inputs of `mfakit:keyVault:Certificate`; see `resource.ts` for the meaning of each. */
export const certificateInputs = z.strictObject({
  vaultUri: z
    .url({ protocol: /^https$/ })
    .describe("Address of the vault, as Azure Resource Manager names it: `https://<vault>.vault.azure.net/`."),
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,127}$/)
    .describe("Name of the certificate in the vault: 1 to 127 letters, digits and hyphens."),
  thumbprint,
  pfxBase64: z.string().describe("Base64 of a PFX with certificate, chain and key."),
  pfxPassword: z.string().describe("Password of the PFX."),
  tags: z.record(z.string(), z.string()).default({}).describe("Tags of the certificate, at most 14."),
  rolePatienceSeconds: z
    .number()
    .min(0)
    .default(0)
    .describe("How long to wait for a role that was just assigned: Azure spreads it over minutes."),
});

export const certificateOutputs = z.strictObject({
  vaultUri: z.string(),
  name: z.string(),
  thumbprint: thumbprint.describe("SHA-1 of the vault's current version."),
  version: z.string().describe("Name of the current version."),
  notAfter: z.string().describe("End of the current version, ISO 8601."),
  secretUri: z.string().describe("Where a host gets the current version with its key, whichever that is."),
  tags: z.record(z.string(), z.string()),
});

/** Inputs of `mfakit:keyVault:Delivery`; see `resource.ts` for the meaning of each. */
export const deliveryInputs = z.strictObject({
  thumbprint,
  timeoutMinutes: z.number().positive().default(15).describe("How long to wait."),
  pollSeconds: z.number().positive().default(5).describe("Pause between two looks."),
});

export const deliveryOutputs = z.strictObject({ thumbprint });

export type CertificateInputs = z.infer<typeof certificateInputs>;
export type CertificateOutputs = z.infer<typeof certificateOutputs>;
export type DeliveryInputs = z.infer<typeof deliveryInputs>;
export type DeliveryOutputs = z.infer<typeof deliveryOutputs>;
