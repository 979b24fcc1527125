import type { RuleExamples } from "./example.ts";
import { notKnownYet, user } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "an account that works", resources: [user("MfaWebService")] },
  failing: {
    title: "a disabled account",
    resources: [user("MfaWebService", { enabled: false })],
    says: "MfaWebService is not enabled (false)",
    where: "MfaWebService",
  },
  unknown: {
    title: "an account whose state is not known",
    resources: [user("MfaWebService", { enabled: notKnownYet })],
    says: "whether MfaWebService is enabled",
    where: "MfaWebService",
  },
  malformed: {
    title: "texts in place of truth values",
    resources: [user("MfaWebService", { enabled: "yes", passwordNeverExpires: "no" })],
    says: "is not enabled (yes)",
    where: "MfaWebService",
  },
};
