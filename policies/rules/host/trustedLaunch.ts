import { at } from "../../values.ts";
import { machineRule } from "./machineRule.ts";

export const trustedLaunch = machineRule({
  id: "MFA-HOST-003",
  title: "The host starts with secure boot and a virtual TPM.",
  prerequisite: "Baseline: trusted launch.",
  rationale: "A changed boot chain would see every password and every second factor.",
  level: "mandatory",
  severity: "medium",
  path: ["securityProfile"],
  fault(profile) {
    const type = at(profile, "securityType");
    if (type !== "TrustedLaunch" && type !== "ConfidentialVM")
      return `has securityType ${String(type ?? "not set")}, not TrustedLaunch`;
    const off = ["secureBootEnabled", "vTpmEnabled"].filter((name) => at(profile, "uefiSettings", name) !== true);
    return off.length === 0 ? undefined : `has ${off.join(" and ")} off`;
  },
  mend: "pulumi config set --path mfa-server:host.trustedLaunch true, with an image of generation 2 (mfa-server:host.image.sku 2016-datacenter-gensecond)",
});
