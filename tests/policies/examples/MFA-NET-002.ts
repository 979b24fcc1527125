import type { RuleExamples } from "./example.ts";
import { notKnownYet, securityGroup, securityRule } from "./resources.ts";

export const examples: RuleExamples = {
  passing: {
    title: "SSH from a named network",
    resources: [
      securityGroup,
      securityRule("ssh", { sourceAddressPrefix: "10.10.8.0/24", destinationPortRange: "22" }),
    ],
  },
  failing: {
    title: "Remote Desktop open to the Internet",
    resources: [securityGroup, securityRule("rdp", { destinationPortRange: "3389" })],
    says: "rdp opens tcp 3389 to Internet",
    where: "rdp",
  },
  unknown: {
    title: "a network that is not known yet",
    resources: [securityGroup, securityRule("ssh", { sourceAddressPrefix: notKnownYet, destinationPortRange: "22" })],
    says: "the security rules of nsg",
    where: "ssh",
  },
  malformed: {
    title: "a source that is no network",
    resources: [
      securityGroup,
      securityRule("ssh", { sourceAddressPrefix: { network: 1 }, destinationPortRange: "22" }),
    ],
    says: "ssh opens tcp 22",
    where: "ssh",
  },
};
