import { z } from "zod";

export const replacementGuardInputs = z.strictObject({
  machine: z.string().min(1).describe("Name of the machine, as an approval must spell it."),
  fixed: z
    .record(z.string(), z.union([z.string(), z.boolean()]))
    .describe("What cannot be changed on a machine that exists, by the name of the setting."),
  approval: z
    .string()
    .optional()
    .describe("Name of the machine that may be replaced. Default: none may, and a change of `fixed` is refused."),
});

export const replacementGuardOutputs = z.strictObject({
  machine: z.string().describe("The machine that is there."),
  fixed: z.record(z.string(), z.union([z.string(), z.boolean()])).describe("What it was made with."),
});

export type ReplacementGuardInputs = z.infer<typeof replacementGuardInputs>;
export type ReplacementGuardOutputs = z.infer<typeof replacementGuardOutputs>;
