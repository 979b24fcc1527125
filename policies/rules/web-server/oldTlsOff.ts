import { microsoft } from "../../references.ts";
import type { StackRule } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { registryFindings } from "./registry.ts";

const settings = ["TLS 1.0", "TLS 1.1"].map((version) => ({
  key: `${version}\\Server`,
  valueName: "Enabled",
  value: 0,
}));
const mend =
  "add an xRegistry resource for HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\<version>\\Server, Enabled 0, once no client needs the version";

export const oldTlsOff: StackRule = {
  kind: "stack",
  id: "MFA-WEB-005",
  family: "web-server",
  title: "The host accepts no TLS version before 1.2.",
  prerequisite: "Baseline: TLS 1.2 only.",
  step: "Security baseline",
  rationale: "Up to Windows Server 2022 the older versions are on by default, and a client can be talked down to them.",
  level: "advisory",
  baselines: { cis: "mandatory" },
  severity: "medium",
  ...microsoft("DP-3", "Encrypt sensitive data in transit"),
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    return registryFindings(stack, settings, mend);
  },
};
