import { cis } from "../../references.ts";
import { cannotTell, type Finding, type ResourceRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";
import { vault } from "./vaults.ts";

export const vaultRecoverable: ResourceRule = {
  kind: "resource",
  id: "MFA-SEC-002",
  family: "secrets",
  title: "What is deleted from a key vault can be brought back.",
  prerequisite: "Baseline: key vault protection.",
  step: "Security baseline",
  rationale:
    "A purged key or secret is gone, and with it what it protects. The setting cannot be taken back, so nobody sets it for you.",
  level: "mandatory",
  baselines: { dev: "advisory" },
  severity: "high",
  ...cis("3.3.5", "Ensure the Key Vault is Recoverable"),
  types: [vault],
  check({ urn, name, properties }) {
    return ["enableSoftDelete", "enablePurgeProtection"].flatMap((setting): Finding[] => {
      const property = `properties.${setting}`;
      const value = at(properties, "properties", setting);
      if (value === UNKNOWN) return [cannotTell(urn, `${setting} of ${name}`, undefined, property)];
      // Where nobody says anything, Azure switches soft delete on (it cannot be off beside purge protection) and purge protection off.
      if (value === true || (setting === "enableSoftDelete" && value === undefined)) return [];
      const what = `${setting} of ${name} is ${String(value ?? "not set")}, not true`;
      return [violation(urn, what, `set properties: { ${setting}: true }`, { property, value })];
    });
  },
};
