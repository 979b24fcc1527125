import { z } from "zod";
import { microsoft } from "../../references.ts";
import { cannotTell, type Finding, type ResourceRule, violation } from "../../rule.ts";
import { at, lower, UNKNOWN } from "../../values.ts";

interface Config {
  wideRoles: string[];
}

/** Built-in roles of Azure by the last part of their ids, which are the same in every tenant. */
const roleNames: Readonly<Record<string, string>> = {
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
  "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
};
const widerThanGroup = /^\/(?:subscriptions\/[^/]+|providers\/microsoft\.management\/managementgroups\/[^/]+)?\/?$/;

export const identityScope: ResourceRule<Config> = {
  kind: "resource",
  id: "MFA-HOST-008",
  family: "host",
  title: "A managed identity may do little, in one resource group.",
  prerequisite: "Baseline: scope of the managed identity.",
  step: "Security baseline",
  rationale: "Whoever gets onto the host holds its identity, and with it every right that was given to it.",
  level: "mandatory",
  severity: "high",
  ...microsoft("PA-7", "Follow just enough administration (least privilege) principle"),
  configuration: z.strictObject({
    wideRoles: z
      .array(z.string())
      .default(Object.keys(roleNames))
      .describe("Role definitions (last part of the id) that no identity may hold."),
  }),
  types: ["azure-native:authorization:RoleAssignment"],
  check({ urn, name, properties }, { wideRoles }) {
    const kind = at(properties, "principalType");
    if (["user", "group", "foreigngroup"].includes(lower(kind) ?? ""))
      return { notApplicable: "not for an identity of a service" };
    return [...judgeRole(), ...judgeScope()];

    function judgeRole(): Finding[] {
      const property = "roleDefinitionId";
      const value = at(properties, property);
      if (typeof value !== "string") return [cannotTell(urn, `the role of ${name}`, undefined, property)];
      const id = value.toLowerCase().split("/").at(-1) ?? "";
      if (!wideRoles.some((each) => each.toLowerCase() === id)) return [];
      const mend = "give a role that holds only what the host does, for example Key Vault Secrets User on one vault";
      return [violation(urn, `${name} gives an identity the role ${roleNames[id] ?? id}`, mend, { property, value })];
    }

    function judgeScope(): Finding[] {
      const property = "scope";
      const value = at(properties, property);
      if (value === UNKNOWN || typeof value !== "string")
        return [cannotTell(urn, `the scope of ${name}`, undefined, property)];
      if (!widerThanGroup.test(value.toLowerCase())) return [];
      const mend = "give the role on one resource, or on the resource group";
      return [
        violation(urn, `${name} gives an identity a role on ${value}, wider than a resource group`, mend, {
          property,
          value,
        }),
      ];
    }
  },
};
