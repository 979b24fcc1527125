import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "patched by the platform", resources: [machine()] },
  failing: {
    title: "patched by hand",
    resources: [machine({ osProfile: { windowsConfiguration: { patchSettings: { patchMode: "Manual" } } } })],
    says: "has patchMode Manual",
    where: "vm",
  },
  unknown: {
    title: "a configuration that is not known yet",
    resources: [machine({ osProfile: { windowsConfiguration: notKnownYet } })],
    says: "osProfile.windowsConfiguration of vm",
    where: "vm",
  },
  malformed: {
    title: "a text in place of the settings",
    resources: [machine({ osProfile: { windowsConfiguration: { patchSettings: "on" } } })],
    says: "says nothing about updates",
    where: "vm",
  },
};
