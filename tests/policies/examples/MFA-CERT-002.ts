import type { RuleExamples } from "./example.ts";
import { certificate, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: {
    title: "decades left",
    resources: [certificate({ notBefore: "2020-01-01T00:00:00Z", notAfter: "2099-01-01T00:00:00Z" })],
  },
  failing: {
    title: "expired",
    resources: [certificate({ notBefore: "2020-01-01T00:00:00Z", notAfter: "2020-04-01T00:00:00Z" })],
    says: "certificate expired at 2020-04-01T00:00:00Z",
    where: "certificate",
  },
  unknown: {
    title: "a certificate that is ordered by this deployment",
    resources: [certificate({ notBefore: notKnownYet, notAfter: notKnownYet })],
    says: "when certificate expires",
    where: "certificate",
  },
  malformed: {
    title: "a word in place of the date",
    resources: [certificate({ notAfter: "soon" })],
    says: "notAfter of certificate is soon, no date",
    where: "certificate",
  },
};
