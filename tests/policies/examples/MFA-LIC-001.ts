import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, people } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "a licence for each of two people", resources: [mfaServer, people({})], config: { licences: 2 } },
  failing: {
    title: "one licence for two people",
    resources: [mfaServer, people({})],
    config: { licences: 1 },
    says: "2 people need a licence and there are 1",
    where: "people",
  },
  unknown: {
    title: "nobody counted the licences",
    resources: [mfaServer, people({})],
    says: "whether 2 people have a licence",
    where: "people",
  },
  malformed: {
    title: "people that are no list",
    resources: [mfaServer, people({ people: notKnownYet, checkReadiness: "yes" })],
    config: { licences: 9 },
    says: "how many people need a licence",
  },
};
