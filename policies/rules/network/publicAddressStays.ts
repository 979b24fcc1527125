import { procedure } from "../../references.ts";
import { cannotTell, type ResourceRule, violation } from "../../rule.ts";
import { at, lower, UNKNOWN } from "../../values.ts";

export const publicAddressStays: ResourceRule = {
  kind: "resource",
  id: "MFA-NET-004",
  family: "network",
  title: "The public address stays the same.",
  prerequisite: "A valid DNS entry created.",
  step: "Prerequisites",
  rationale: "A dynamic address changes when the machine is stopped, and the DNS entry then leads to somebody else.",
  level: "mandatory",
  baselines: { dev: "advisory" },
  severity: "medium",
  references: [procedure],
  types: ["azure-native:network:PublicIPAddress"],
  check({ urn, name, properties }) {
    const property = "publicIPAllocationMethod";
    const value = at(properties, property);
    if (value === UNKNOWN) return [cannotTell(urn, `${property} of ${name}`, undefined, property)];
    if (lower(value) === "static") return [];
    return [
      violation(
        urn,
        `${property} of ${name} is ${String(value ?? "not set, which is Dynamic")}`,
        'set publicIPAllocationMethod: "Static" and sku: { name: "Standard" }; the kit\'s Network component does',
        { property, value },
      ),
    ];
  },
};
