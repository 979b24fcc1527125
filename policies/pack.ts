import { PolicyPack } from "@pulumi/policy";
import { policyOf } from "./policy.ts";
import { rules } from "./rules.ts";

new PolicyPack("mfa-server-prerequisites", {
  displayName: "Prerequisites of an Azure MFA Server host",
  description: "Each rule guards one prerequisite or note of the procedure; policies/README.md maps them.",
  policies: rules.map(policyOf),
});
