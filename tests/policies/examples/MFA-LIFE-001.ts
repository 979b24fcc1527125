import type { RuleExamples } from "./example.ts";
import { mfaServer } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "mobile app", resources: [mfaServer], config: { defaultMethod: "mobileApp" } },
  failing: {
    title: "two-way text message",
    resources: [mfaServer],
    config: { defaultMethod: "twoWaySms" },
    says: "the default method is the two-way text message",
    where: "",
  },
  unknown: {
    title: "nobody looked",
    resources: [mfaServer],
    says: "the default method: only the product's console has it",
    where: "",
  },
  malformed: {
    title: "a component of the wrong shape",
    resources: [{ ...mfaServer, properties: { defaultMethod: 7 } }],
    says: "the default method: only the product's console has it",
    where: "",
  },
};
