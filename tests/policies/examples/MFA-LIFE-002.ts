import type { RuleExamples } from "./example.ts";
import { dsc, mfaServer, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "a day in the future", resources: [mfaServer], config: { replacedBy: "2099-12-31" } },
  failing: {
    title: "no plan",
    resources: [mfaServer],
    says: "the service was announced to end on 2024-09-30, and nobody said when the product is replaced",
    where: "",
  },
  unknown: {
    title: "a package whose name is not known yet",
    resources: [dsc("xPackage", "package", { Name: notKnownYet })],
    says: "whether this stack carries the product",
    where: "",
  },
  malformed: {
    title: "a component of the wrong shape",
    resources: [{ ...mfaServer, properties: { replacedBy: [] } }],
    says: "nobody said when the product is replaced",
    where: "",
  },
};
