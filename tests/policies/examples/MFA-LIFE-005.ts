import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource } from "./resources.ts";

const network = (tags: unknown) => resource("azure-native:network:VirtualNetwork", "network", { tags });

export const examples: RuleExamples = {
  passing: { title: "both tags", resources: [network({ environment: "dev", owner: "identity-team" })] },
  failing: {
    title: "nobody's",
    resources: [network({ environment: "dev" })],
    says: "network has no tag owner",
    where: "network",
  },
  unknown: {
    title: "tags that are not known yet",
    resources: [network(notKnownYet)],
    says: "the tags of network",
    where: "network",
  },
  malformed: {
    title: "a number in place of a text",
    resources: [network({ environment: "dev", owner: 7 })],
    says: "network has no tag owner",
    where: "network",
  },
};
