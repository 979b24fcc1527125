import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource } from "./resources.ts";

const account = (minimumTlsVersion: unknown) =>
  resource("azure-native:storage:StorageAccount", "account", { kind: "StorageV2", minimumTlsVersion });

export const examples: RuleExamples = {
  passing: { title: "TLS 1.2", resources: [account("TLS1_2")] },
  failing: {
    title: "TLS 1.0",
    resources: [account("TLS1_0")],
    says: "minimumTlsVersion of account is TLS1_0",
    where: "account",
  },
  unknown: {
    title: "a version that is not known yet",
    resources: [account(notKnownYet)],
    says: "minimumTlsVersion of account",
    where: "account",
  },
  malformed: {
    title: "a number in place of the version",
    resources: [account(1.2)],
    says: "minimumTlsVersion of account is 1.2",
    where: "account",
  },
};
