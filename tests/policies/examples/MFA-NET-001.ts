import type { RuleExamples } from "./example.ts";
import { notKnownYet, securityGroup, securityRule } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "443 and nothing else", resources: [securityGroup, securityRule("https", {})] },
  failing: {
    title: "port 80 open to the Internet",
    resources: [securityGroup, securityRule("web", { destinationPortRange: "80" })],
    says: "web lets the Internet (Internet) reach tcp 80",
    where: "web",
  },
  unknown: {
    title: "a port that is not known yet",
    resources: [securityGroup, securityRule("web", { destinationPortRange: notKnownYet })],
    says: "the security rules of nsg",
    where: "web",
  },
  malformed: {
    title: "ports that are none",
    resources: [securityGroup, securityRule("web", { destinationPortRange: "https", priority: "first" })],
    says: "web lets the Internet (Internet) reach tcp",
    where: "web",
  },
};
