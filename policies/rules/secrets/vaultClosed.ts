import { cis } from "../../references.ts";
import { cannotTell, type ResourceRule, violation } from "../../rule.ts";
import { at, lower, UNKNOWN } from "../../values.ts";
import { vault } from "./vaults.ts";

export const vaultClosed: ResourceRule = {
  kind: "resource",
  id: "MFA-SEC-003",
  family: "secrets",
  title: "A key vault is reached from named networks only.",
  prerequisite: "Baseline: key vault protection.",
  step: "Security baseline",
  rationale: "With a stolen token anybody on the Internet can read a vault that is open to every network.",
  level: "mandatory",
  baselines: { dev: "advisory" },
  severity: "medium",
  ...cis("3.3.7", "Ensure that Private Endpoints are Used for Azure Key Vault"),
  types: [vault],
  check({ urn, name, properties }) {
    const access = at(properties, "properties", "publicNetworkAccess");
    if (lower(access) === "disabled") return [];
    const action = at(properties, "properties", "networkAcls", "defaultAction");
    const property = "properties.networkAcls.defaultAction";
    if (lower(action) === "deny") return [];
    if (access === UNKNOWN || action === UNKNOWN) return [cannotTell(urn, `who reaches ${name}`, undefined, property)];
    return [
      violation(
        urn,
        `${name} answers every network`,
        'set properties: { publicNetworkAccess: "Disabled" } and a private endpoint, or networkAcls: { defaultAction: "Deny", ipRules: [...] }',
        { property, value: action },
      ),
    ];
  },
};
