import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "trusted launch", resources: [machine()] },
  failing: {
    title: "no secure boot",
    resources: [
      machine({
        securityProfile: {
          securityType: "TrustedLaunch",
          uefiSettings: { secureBootEnabled: false, vTpmEnabled: true },
        },
      }),
    ],
    says: "has secureBootEnabled off",
    where: "vm",
  },
  unknown: {
    title: "a profile that is not known yet",
    resources: [machine({ securityProfile: notKnownYet })],
    says: "securityProfile of vm",
    where: "vm",
  },
  malformed: {
    title: "a list in place of the profile",
    resources: [machine({ securityProfile: ["TrustedLaunch"] })],
    says: "has securityType not set",
    where: "vm",
  },
};
