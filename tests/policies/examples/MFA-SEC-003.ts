import type { RuleExamples } from "./example.ts";
import { notKnownYet, vault } from "./resources.ts";

export const examples: RuleExamples = {
  passing: {
    title: "closed to all but named networks",
    resources: [vault({ networkAcls: { defaultAction: "Deny" } })],
  },
  failing: {
    title: "open to every network",
    resources: [vault({ networkAcls: { defaultAction: "Allow" } })],
    says: "vault answers every network",
    where: "vault",
  },
  unknown: {
    title: "rules that are not known yet",
    resources: [vault({ networkAcls: notKnownYet })],
    says: "who reaches vault",
    where: "vault",
  },
  malformed: {
    title: "a list in place of the rules",
    resources: [vault({ networkAcls: ["Deny"] })],
    says: "vault answers every network",
    where: "vault",
  },
};
