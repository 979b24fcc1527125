import { createHash } from "node:crypto";
import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment.js";
import * as pulumi from "@pulumi/pulumi";

/** Built-in roles of Key Vault's data plane; the ids are the same in every tenant (Azure page "Azure built-in roles for Security"). */
export const keyVaultRoles = {
  /** Reads secrets, and thereby certificates with their keys. */
  secretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
  /** Does everything with certificates. */
  certificatesOfficer: "a4417e6f-fecd-4de8-b567-7b0420556985",
} as const;

/** Arguments of {@link assignKeyVaultRole}. */
export interface KeyVaultRoleArgs {
  /** ARM id of the vault. */
  vaultId: pulumi.Input<string>;
  role: keyof typeof keyVaultRoles;
  /** Object id of who gets the role. */
  principalId: pulumi.Input<string>;
  /** Without it Azure looks the principal up, and may not find one that is a minute old. */
  principalType: "ServicePrincipal" | "User";
  subscriptionId: string;
}

/** Gives one identity one role on one vault. */
export function assignKeyVaultRole(
  name: string,
  { vaultId, role, principalId, principalType, subscriptionId }: KeyVaultRoleArgs,
  options: pulumi.CustomResourceOptions,
): RoleAssignment {
  const roleId = keyVaultRoles[role];
  return new RoleAssignment(
    name,
    {
      scope: vaultId,
      // The same at every run: after a lost answer the same name finds the assignment again.
      roleAssignmentName: pulumi.all([vaultId, principalId]).apply((parts) => guidOf([...parts, roleId])),
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roleId}`,
      principalId,
      principalType,
    },
    // Azure lets nothing of an assignment change.
    { ...options, replaceOnChanges: ["roleDefinitionId", "principalType"], deleteBeforeReplace: true },
  );
}

/** A GUID made of its seeds (RFC 9562, version 8), without regard to case as in ARM ids. */
function guidOf(seeds: readonly string[]): string {
  const hex = createHash("sha256").update(seeds.join("\n").toLowerCase()).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
