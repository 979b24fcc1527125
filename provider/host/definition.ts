import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { replacementGuardLifecycle } from "./replacementGuard.ts";
import {
  type ReplacementGuardInputs,
  type ReplacementGuardOutputs,
  replacementGuardInputs,
  replacementGuardOutputs,
} from "./schema.ts";

export const replacementGuard = defineResource<ReplacementGuardInputs, ReplacementGuardOutputs, Connections>({
  token: "mfakit:host:ReplacementGuard",
  description:
    "Refuses, in preview already, a change that would delete a machine and make it again, unless that machine is named in `approval`. Touches nothing.",
  inputs: replacementGuardInputs,
  outputs: replacementGuardOutputs,
  lifecycle: replacementGuardLifecycle,
});
