import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, people } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "a group with two people", resources: [mfaServer, people({})] },
  failing: {
    title: "an empty group",
    resources: [mfaServer, people({ people: [] })],
    says: "nobody is in the group",
    where: "people",
  },
  unknown: {
    title: "a group that is made by this deployment",
    resources: [mfaServer, people({ people: notKnownYet })],
    says: "who is in the group",
    where: "people",
  },
  malformed: {
    title: "a number of people in place of the people",
    resources: [mfaServer, people({ people: 2 })],
    says: "nobody is in the group",
    where: "people",
  },
};
