import type { RuleExamples } from "./example.ts";
import { image, machine, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "one version", resources: [machine()] },
  failing: {
    title: "latest",
    resources: [machine({ storageProfile: image({ version: "latest" }) })],
    says: "storageProfile.imageReference.version is latest",
    where: "vm",
  },
  unknown: {
    title: "a version that is not known yet",
    resources: [machine({ storageProfile: image({ version: notKnownYet }) })],
    says: "storageProfile.imageReference.version of vm",
    where: "vm",
  },
  malformed: {
    title: "a number in place of the version",
    resources: [machine({ storageProfile: image({ version: 14393 }) })],
    says: "is 14393, which is no version",
    where: "vm",
  },
};
