import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet, secret } from "./resources.ts";

export const examples: RuleExamples = {
  passing: {
    title: "a marked password",
    resources: [machine({ osProfile: { adminPassword: secret("of the example") } })],
  },
  failing: {
    title: "a password in plain text",
    resources: [machine({ osProfile: { adminPassword: "of the example" } })],
    says: "osProfile.adminPassword of vm is not marked as a secret",
    where: "vm",
  },
  unknown: {
    title: "a password that is not known yet",
    resources: [machine({ osProfile: { adminPassword: notKnownYet } })],
    says: "whether osProfile.adminPassword of vm is a secret",
    where: "vm",
  },
  malformed: {
    title: "a list in place of the password",
    resources: [machine({ osProfile: { adminPassword: ["of the example"] } })],
    says: "osProfile.adminPassword of vm is not marked as a secret",
    where: "vm",
  },
};
