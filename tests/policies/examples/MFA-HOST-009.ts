import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "kept", resources: [machine()] },
  failing: {
    title: "left out",
    resources: [machine({ diagnosticsProfile: {} })],
    says: "diagnosticsProfile.bootDiagnostics.enabled is not set, not true",
    where: "vm",
  },
  unknown: {
    title: "a setting that is not known yet",
    resources: [machine({ diagnosticsProfile: { bootDiagnostics: notKnownYet } })],
    says: "diagnosticsProfile.bootDiagnostics.enabled of vm",
    where: "vm",
  },
  malformed: {
    title: "a text in place of a truth value",
    resources: [machine({ diagnosticsProfile: { bootDiagnostics: { enabled: "true" } } })],
    says: "is true, not true",
    where: "vm",
  },
};
