import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "encrypted", resources: [machine()] },
  failing: {
    title: "switched off",
    resources: [machine({ securityProfile: { encryptionAtHost: false } })],
    says: "securityProfile.encryptionAtHost is false, not true",
    where: "vm",
  },
  unknown: {
    title: "a setting that is not known yet",
    resources: [machine({ securityProfile: { encryptionAtHost: notKnownYet } })],
    says: "securityProfile.encryptionAtHost of vm",
    where: "vm",
  },
  malformed: {
    title: "a text in place of the profile",
    resources: [machine({ securityProfile: "secure" })],
    says: "is not set, not true",
    where: "vm",
  },
};
