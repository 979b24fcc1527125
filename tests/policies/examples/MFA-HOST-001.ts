import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet, resource } from "./resources.ts";

const join = (properties: Record<string, unknown>) =>
  resource("azure-native:compute:VirtualMachineExtension", "join", {
    vmName: "vm-mfadev01",
    publisher: "Microsoft.Compute",
    ...properties,
  });

export const examples: RuleExamples = {
  passing: { title: "the join extension", resources: [machine(), join({ type: "JsonADDomainExtension" })] },
  failing: {
    title: "a machine on its own",
    resources: [machine()],
    says: "vm has no JsonADDomainExtension",
    where: "vm",
  },
  unknown: {
    title: "an extension whose type is not known yet",
    resources: [machine(), join({ type: notKnownYet })],
    says: "whether vm joins a domain",
    where: "vm",
  },
  malformed: {
    title: "an extension of no type",
    resources: [machine(), join({ type: 3, settings: "join" })],
    says: "vm has no JsonADDomainExtension",
    where: "vm",
  },
};
