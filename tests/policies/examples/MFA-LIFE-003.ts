import type { RuleExamples } from "./example.ts";
import { mfaServer, pulumiStack } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "stated", resources: [mfaServer, pulumiStack({ activatedBefore2019: true })] },
  failing: {
    title: "denied",
    resources: [mfaServer, pulumiStack({ activatedBefore2019: false })],
    says: "it is stated that the tenant was not activated in time (false)",
    where: "mfa-server-dev",
  },
  unknown: {
    title: "nobody said",
    resources: [mfaServer, pulumiStack({})],
    says: "whether the tenant was activated before 1 July 2019",
    where: "mfa-server-dev",
  },
  malformed: {
    title: "a text in place of a truth value",
    resources: [mfaServer, pulumiStack({ activatedBefore2019: "yes" })],
    says: "was not activated in time (yes)",
    where: "mfa-server-dev",
  },
};
