import type { RuleExamples } from "./example.ts";
import { mfaServer, resource } from "./resources.ts";

const provider = (settings: Record<string, unknown>) => resource("pulumi:providers:azure-native", "azure", settings);

export const examples: RuleExamples = {
  passing: {
    title: "a provider with the tenant's GUID",
    resources: [mfaServer, provider({ tenantId: "7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33" })],
  },
  failing: {
    title: "a domain in place of the GUID",
    resources: [mfaServer, provider({ tenantId: "contoso.com" })],
    says: "tenantId of azure is contoso.com, no GUID",
    where: "azure",
  },
  unknown: {
    title: "the tenant of whoever runs Pulumi",
    resources: [mfaServer, provider({})],
    says: "it is that of whoever runs Pulumi",
    where: "azure",
  },
  malformed: {
    title: "a list of tenants",
    resources: [mfaServer, provider({ tenantId: [7] })],
    says: "no GUID",
    where: "azure",
  },
};
