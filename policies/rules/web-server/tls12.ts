import { microsoft } from "../../references.ts";
import type { StackRule } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { type RegistrySetting, registryFindings } from "./registry.ts";

const settings: readonly RegistrySetting[] = [
  ...["SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319", "Wow6432Node\\Microsoft\\.NETFramework\\v4.0.30319"].flatMap(
    (key) => [
      { key, valueName: "SchUseStrongCrypto", value: 1 },
      { key, valueName: "SystemDefaultTlsVersions", value: 1 },
    ],
  ),
  ...["TLS 1.2\\Client", "TLS 1.2\\Server"].flatMap((key) => [
    { key, valueName: "Enabled", value: 1 },
    { key, valueName: "DisabledByDefault", value: 0 },
  ]),
];

export const tls12: StackRule = {
  kind: "stack",
  id: "MFA-WEB-004",
  family: "web-server",
  title: "Windows and .NET on the host speak TLS 1.2.",
  prerequisite: "Baseline: TLS 1.2 only.",
  step: "Security baseline",
  rationale: "Microsoft's endpoints answer nothing older, and programs on .NET 4 choose older versions by themselves.",
  level: "mandatory",
  severity: "high",
  ...microsoft("DP-3", "Encrypt sensitive data in transit"),
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    return registryFindings(stack, settings, "declare it by the WebServer component, and run pulumi up");
  },
};
