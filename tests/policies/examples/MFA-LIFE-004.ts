import type { Exemption } from "../../../policies/exemptions.ts";
import type { RuleExamples } from "./example.ts";
import { machine, notKnownYet } from "./resources.ts";

/** An exemption from encryption at host for the machine of a stack of its own. */
const exemption = (stack: string, change: Partial<Exemption> = {}): Exemption => ({
  rule: "MFA-HOST-002",
  urn: `urn:pulumi:${stack}::mfa-server::*::vm`,
  owner: "identity-team",
  reason: "the subscription has no such feature yet",
  expires: "2099-12-31",
  ...change,
});
const machineOf = (stack: string, encryptionAtHost: unknown) => {
  const vm = machine({ securityProfile: { encryptionAtHost } });
  return { ...vm, urn: vm.urn.replace("urn:pulumi:dev", `urn:pulumi:${stack}`) };
};

export const examples: RuleExamples = {
  passing: {
    title: "an exemption that is needed",
    resources: [machineOf("needed", false)],
    exemptions: [exemption("needed")],
  },
  failing: {
    title: "an exemption that ended",
    resources: [machineOf("ended", false)],
    exemptions: [exemption("ended", { expires: "2020-12-31" })],
    says: "(identity-team: the subscription has no such feature yet) ended on 2020-12-31",
    where: "",
  },
  unknown: {
    title: "an exemption whose rule cannot tell yet",
    resources: [machineOf("open", notKnownYet)],
    exemptions: [exemption("open")],
    says: "whether the exemption from MFA-HOST-002",
    where: "",
  },
  malformed: {
    title: "a pattern that fits nothing",
    resources: [machineOf("strange", "no")],
    exemptions: [exemption("strange", { urn: "urn:pulumi:strange::mfa-server::[(*" })],
    says: "excuses nothing",
    where: "",
  },
};
