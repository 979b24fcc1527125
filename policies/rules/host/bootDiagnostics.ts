import { machineRule } from "./machineRule.ts";

export const bootDiagnostics = machineRule({
  id: "MFA-HOST-009",
  title: "The host keeps its boot diagnostics.",
  prerequisite: "Baseline: diagnostics.",
  step: "Security baseline",
  rationale: "Without them nobody sees why a machine that installed updates over night does not come back.",
  level: "remediate",
  severity: "low",
  references: [],
  path: ["diagnosticsProfile", "bootDiagnostics", "enabled"],
  fault: (value) => (value === true ? undefined : `is ${String(value ?? "not set")}, not true`),
  repair(properties) {
    const profile = record(properties, "diagnosticsProfile");
    record(profile, "bootDiagnostics").enabled = true;
  },
  mend: "set diagnosticsProfile: { bootDiagnostics: { enabled: true } }; the kit's WindowsHost component does",
});

/** The object of this name, made where there is none. */
function record(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = parent[name];
  const own = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  parent[name] = own;
  return own;
}
