import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import { isMfaStack, type StackResource } from "../../stack.ts";
import { at, UNKNOWN } from "../../values.ts";

const azureProvider = "pulumi:providers:azure-native";
const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const mend = "pulumi config set --path mfa-server:azure.tenantId <GUID> (az account show --query tenantId)";

export const tenantNamed: StackRule = {
  kind: "stack",
  id: "MFA-LIC-002",
  family: "licensing",
  title: "The deployment names its tenant.",
  prerequisite: "This document assumes that you’ve previously setup an Office 365 Tenancy.",
  step: "Prerequisites",
  rationale: "A deployment that takes whatever tenant somebody is logged in to can land in the wrong one.",
  level: "mandatory",
  severity: "medium",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const providers = stack.ofType(azureProvider);
    if (providers.length === 0)
      return [cannotTell(undefined, "the tenant: no azure-native provider is declared", mend)];
    return providers.flatMap(judge);
  },
};

function judge({ urn, name, properties }: StackResource): Finding[] {
  const property = "tenantId";
  const value = at(properties, property);
  if (value === UNKNOWN) return [cannotTell(urn, `the tenant of ${name}`, undefined, property)];
  if (value === undefined)
    return [cannotTell(urn, `the tenant of ${name}: it is that of whoever runs Pulumi`, mend, property)];
  if (typeof value === "string" && guid.test(value)) return [];
  return [violation(urn, `tenantId of ${name} is ${String(value)}, no GUID`, mend, { property, value })];
}
