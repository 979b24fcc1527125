import { z } from "zod";

const settings = z.record(z.string().min(1), z.string());

/** Inputs of `mfakit:web:ConfigFile`; see `resource.ts` for the meaning of each. */
export const configFileInputs = z.strictObject({
  path: z
    .string()
    .regex(/^[A-Za-z]:\\|^\\\\/)
    .describe("Full Windows path of the file. The file must exist: the product's installer makes it."),
  appSettings: settings.default({}).describe("Values of configuration/appSettings by key; a missing key is added."),
  applicationSettings: settings
    .default({})
    .describe(
      "Values of configuration/applicationSettings by the end of the setting's name, which must match exactly one.",
    ),
  encrypt: z.boolean().default(false).describe("Encrypt appSettings on the host, bound to its machine key."),
  applicationPool: z.string().min(1).optional().describe("Application pool that is recycled after a change."),
});

export const configFileOutputs = z.strictObject({
  path: z.string(),
  appSettings: settings.describe("The named settings as the file has them."),
  applicationSettings: settings,
  sha256: z.string().describe("SHA-256 of the file's bytes, lower-case hexadecimal."),
  recyclePending: z
    .boolean()
    .optional()
    .describe("True while the application pool still has to be recycled for settings that are written already."),
});

export type ConfigFileInputs = z.infer<typeof configFileInputs>;
export type ConfigFileOutputs = z.infer<typeof configFileOutputs>;
