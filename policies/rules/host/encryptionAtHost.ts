import { microsoft } from "../../references.ts";
import { machineRule } from "./machineRule.ts";

export const encryptionAtHost = machineRule({
  id: "MFA-HOST-002",
  title: "Disks and caches of the host are encrypted on the physical machine.",
  prerequisite: "Baseline: encryption at host.",
  step: "Security baseline",
  rationale: "The product keeps every user's phone and the activation of the tenant in one file on the disk.",
  level: "mandatory",
  severity: "medium",
  ...microsoft("DP-4", "Enable data at rest encryption by default"),
  path: ["securityProfile", "encryptionAtHost"],
  fault: (value) => (value === true ? undefined : `is ${String(value ?? "not set")}, not true`),
  mend: "pulumi config set --path mfa-server:host.encryptionAtHost true (the subscription needs the feature EncryptionAtHost)",
});
