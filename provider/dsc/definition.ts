import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { dscLifecycle } from "./lifecycle.ts";
import { type DscResourceInputs, type DscResourceOutputs, dscResourceInputs, dscResourceOutputs } from "./schema.ts";

export const dscResource = defineResource<DscResourceInputs, DscResourceOutputs, Connections>({
  token: "mfakit:dsc:Resource",
  description:
    "One PowerShell DSC resource on a Windows host. Create and update run Test and, when the state does not hold, Set; read runs Get and " +
    "Test. Drift shows on each declared property. Import by module/resource/key values.",
  inputs: dscResourceInputs,
  outputs: dscResourceOutputs,
  lifecycle: dscLifecycle,
});
