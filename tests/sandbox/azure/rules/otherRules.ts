import { tenantId } from "../../../support/azureCloud.ts";
import { fixtures, group, ids } from "../fixtures.ts";
import type { Case } from "./case.ts";

const under = (type: string, name: string) => `${group}/providers/${type}/${name}`;
const vaultBody = (properties: Record<string, unknown>) => ({
  location: "westeurope",
  properties: { tenantId, sku: { family: "A", name: "standard" }, ...properties },
});

/** Resource groups, role assignments and vaults. */
export const otherRules: Case[] = [
  [
    "a resource group name that ends in a period",
    `${group}.`,
    "2024-03-01",
    { location: "westeurope" },
    400,
    "InvalidResourceName",
  ],
  ["a group without location", `${group}-2`, "2024-03-01", {}, 400, "LocationRequired", "location"],
  [
    "a region that does not exist",
    `${group}-2`,
    "2024-03-01",
    { location: "atlantis" },
    400,
    "LocationNotAvailableForResourceType",
  ],
  ["a group moved to another region", group, "2024-03-01", { location: "northeurope" }, 409, "InvalidResourceLocation"],
  [
    "a role assignment whose name is no GUID",
    `${group}/providers/Microsoft.Authorization/roleAssignments/mine`,
    "2022-04-01",
    fixtures.assignment.body,
    400,
    "InvalidResourceName",
  ],
  [
    "a custom role of no action",
    ids.role,
    "2022-05-01-preview",
    { properties: { roleName: "Empty", assignableScopes: [group], permissions: [{ actions: [] }] } },
    400,
    "MissingActions",
    "permissions",
  ],
  [
    "a custom role that may be given nowhere",
    ids.role,
    "2022-05-01-preview",
    { properties: { roleName: "Nowhere", permissions: [{ actions: ["*"] }] } },
    400,
    "MissingAssignableScopes",
    "assignableScopes",
  ],
  [
    "an action that is none",
    ids.role,
    "2022-05-01-preview",
    { properties: { roleName: "Wrong", assignableScopes: [group], permissions: [{ actions: ["read everything"] }] } },
    400,
    "InvalidActionOrNotAction",
  ],
  [
    "a principal nobody knows",
    ids.assignment.replace("0f5e", "1f5e"),
    "2022-04-01",
    {
      properties: { principalId: "11111111-2222-4333-8444-555555555555", principalType: "User", roleDefinitionId: "x" },
    },
    400,
    "PrincipalNotFound",
  ],
  [
    "the same assignment under another name",
    ids.assignment.replace("0f5e", "1f5e"),
    "2022-04-01",
    fixtures.assignment.body,
    409,
    "RoleAssignmentExists",
  ],
  [
    "another principal in an assignment",
    ids.assignment,
    "2022-04-01",
    {
      properties: {
        principalId: "11111111-2222-4333-8444-555555555555",
        principalType: "ServicePrincipal",
        roleDefinitionId: "x",
      },
    },
    400,
    "RoleAssignmentUpdateNotPermitted",
  ],
  [
    "an assignment on what is not there",
    ids.assignment.replace("/rg-test/", "/rg-test/providers/Microsoft.Network/virtualNetworks/none/"),
    "2022-04-01",
    fixtures.assignment.body,
    404,
    "ResourceNotFound",
  ],
  [
    "purge protection false",
    `${ids.vault}2`,
    "2024-11-01",
    vaultBody({ enablePurgeProtection: false }),
    400,
    "BadRequest",
  ],
  [
    "recovery of a vault that was never deleted",
    `${ids.vault}2`,
    "2024-11-01",
    vaultBody({ createMode: "recover" }),
    404,
    "DeletedVaultNotFound",
  ],
  [
    "a vault's network rule without an address",
    `${ids.vault}2`,
    "2024-11-01",
    vaultBody({ networkAcls: { defaultAction: "Deny", ipRules: [{}] } }),
    400,
    "InvalidParameter",
  ],
  [
    "soft delete for 6 days",
    `${ids.vault}2`,
    "2024-11-01",
    vaultBody({ softDeleteRetentionInDays: 6 }),
    400,
    "InvalidParameter",
  ],
  [
    "a vault name with two hyphens",
    under("Microsoft.KeyVault/vaults", "kv--x"),
    "2024-11-01",
    vaultBody({}),
    400,
    "InvalidResourceName",
  ],
];
