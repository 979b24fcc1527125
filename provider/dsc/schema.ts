import { z } from "zod";

/** Property values are checked by `check.ts`, which knows the module's own types. */
const propertyBag = z.record(z.string(), z.unknown());

/** Inputs of `mfakit:dsc:Resource`; see `resource.ts` for the meaning of each. */
export const dscResourceInputs = z.strictObject({
  module: z
    .string()
    .min(1)
    .describe("PowerShell module, for example WebAdministrationDsc; its version is pinned by the kit."),
  resource: z.string().min(1).describe("DSC resource of that module, for example WebSite."),
  properties: propertyBag.describe("Desired properties by the module's own names, checked against its schema."),
  onDestroy: z
    .enum(["keep", "revert", "remove"])
    .default("keep")
    .describe(
      "revert: set Ensure = Absent on destroy if this resource made the state. remove: whoever made it. keep: leave the host as it is.",
    ),
});

export const dscResourceOutputs = z.strictObject({
  module: z.string(),
  resource: z.string(),
  properties: propertyBag.describe("The declared properties as the host has them."),
  current: propertyBag.describe("Everything that DSC Get returned; credentials left out."),
  inDesiredState: z.boolean().describe("The module's Test-TargetResource answered true."),
  rebootRequired: z.boolean().describe("The host wants a restart before the state is complete."),
  madeByKit: z.boolean().describe("The state did not hold before this resource was created."),
});

export type DscResourceInputs = z.infer<typeof dscResourceInputs>;
export type DscResourceOutputs = z.infer<typeof dscResourceOutputs>;
