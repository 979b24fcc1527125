import { cis } from "../../references.ts";
import { at, UNKNOWN } from "../../values.ts";
import { machineRule } from "./machineRule.ts";

export const trustedLaunch = machineRule({
  id: "MFA-HOST-003",
  title: "The host starts with secure boot and a virtual TPM.",
  prerequisite: "Baseline: trusted launch.",
  step: "Security baseline",
  rationale: "A changed boot chain would see every password and every second factor.",
  level: "mandatory",
  severity: "medium",
  ...cis("8.11", "Ensure Trusted Launch is enabled on Virtual Machines"),
  path: ["securityProfile"],
  fault(profile) {
    const type = at(profile, "securityType");
    const settings = ["secureBootEnabled", "vTpmEnabled"].map((name) => ({
      name,
      value: at(profile, "uefiSettings", name),
    }));
    if (type === UNKNOWN) return UNKNOWN;
    if (type !== "TrustedLaunch" && type !== "ConfidentialVM") {
      return `has securityType ${String(type ?? "not set")}, not TrustedLaunch`;
    }
    const off = settings.filter(({ value }) => value !== true && value !== UNKNOWN).map(({ name }) => name);
    if (off.length > 0) return `has ${off.join(" and ")} off`;
    return settings.some(({ value }) => value === UNKNOWN) ? UNKNOWN : undefined;
  },
  mend: "pulumi config set --path mfa-server:host.trustedLaunch true, with an image of generation 2 (mfa-server:host.image.sku 2016-datacenter-gensecond)",
});
