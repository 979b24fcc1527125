import type { RuleExamples } from "./example.ts";
import { notKnownYet, resource } from "./resources.ts";

const role = (id: string) => `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${id}`;
/** By default Key Vault Secrets User on one vault. */
const assignment = (properties: Record<string, unknown>) =>
  resource("azure-native:authorization:RoleAssignment", "assignment", {
    principalType: "ServicePrincipal",
    roleDefinitionId: role("4633458b-17de-408a-b874-0445c86b69e6"),
    scope: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv",
    ...properties,
  });

export const examples: RuleExamples = {
  passing: { title: "secrets of one vault", resources: [assignment({})] },
  failing: {
    title: "Contributor",
    resources: [assignment({ roleDefinitionId: role("b24988ac-6180-42a0-ab88-20f7382dd24c") })],
    says: "assignment gives an identity the role Contributor",
    where: "assignment",
  },
  unknown: {
    title: "a scope that is not known yet",
    resources: [assignment({ scope: notKnownYet })],
    says: "the scope of assignment",
    where: "assignment",
  },
  malformed: {
    title: "a number in place of the role",
    resources: [assignment({ roleDefinitionId: 7 })],
    says: "the role of assignment",
    where: "assignment",
  },
};
