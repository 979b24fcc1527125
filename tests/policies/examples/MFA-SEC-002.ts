import type { RuleExamples } from "./example.ts";
import { notKnownYet, vault } from "./resources.ts";

export const examples: RuleExamples = {
  passing: { title: "purge protection", resources: [vault({ enableSoftDelete: true, enablePurgeProtection: true })] },
  failing: {
    title: "no purge protection",
    resources: [vault({ enableSoftDelete: true })],
    says: "enablePurgeProtection of vault is not set, not true",
    where: "vault",
  },
  unknown: {
    title: "a setting that is not known yet",
    resources: [vault({ enablePurgeProtection: notKnownYet })],
    says: "enablePurgeProtection of vault",
    where: "vault",
  },
  malformed: {
    title: "a text in place of the properties",
    resources: [vault("protected")],
    says: "enablePurgeProtection of vault is not set",
    where: "vault",
  },
};
