import type { RuleExamples } from "./example.ts";
import { dsc, notKnownYet } from "./resources.ts";

const installer = (hash: Record<string, unknown>) =>
  dsc("xPackage", "installer", { Name: "Server", Path: "C:\\Install\\Setup.exe", ...hash });

export const examples: RuleExamples = {
  passing: {
    title: "a recorded hash",
    resources: [installer({ FileHash: "5d0c6a1b".repeat(8), HashAlgorithm: "SHA256" })],
  },
  failing: {
    title: "no hash",
    resources: [installer({})],
    says: "installer has no hash",
    where: "installer",
  },
  unknown: {
    title: "a hash that is not known yet",
    resources: [installer({ FileHash: notKnownYet, HashAlgorithm: "SHA256" })],
    says: "whether installer is verified before it runs",
    where: "installer",
  },
  malformed: {
    title: "a hash of another length",
    resources: [installer({ FileHash: "5d0c", HashAlgorithm: "SHA256" })],
    says: "has the SHA256 hash 5d0c, no SHA-256",
    where: "installer",
  },
};
