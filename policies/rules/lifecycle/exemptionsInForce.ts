import type { ExemptionRule } from "../../rule.ts";

export const exemptionsInForce: ExemptionRule = {
  kind: "exemption",
  id: "MFA-LIFE-004",
  family: "lifecycle",
  title: "Every exemption is needed, and its day has not passed.",
  prerequisite: "Baseline: somebody answers for each exemption.",
  step: "Security baseline",
  rationale: "An exemption that nobody looks at any more is a hole with a signature.",
  level: "mandatory",
  baselines: { dev: "advisory" },
  severity: "medium",
  references: [],
};
