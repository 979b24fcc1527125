import { getClientConfigOutput } from "@pulumi/azure-native/authorization/getClientConfig.js";
import { getVaultOutput } from "@pulumi/azure-native/keyvault/getVault.js";
import { Vault } from "@pulumi/azure-native/keyvault/vault.js";
import * as pulumi from "@pulumi/pulumi";
import { assignKeyVaultRole } from "./keyVaultRoles.ts";

/** A vault that the kit makes. */
export interface OwnVault {
  kind: "own";
  name: string;
  /** Public addresses and networks that reach it; everybody else is kept out. Default: every network. */
  allowedNetworks?: pulumi.Input<string>[];
  /** What kind of identity deploys; `none`: it holds Key Vault Certificates Officer already. */
  deployer: "servicePrincipal" | "user" | "none";
  /** Days for which what is deleted can be brought back. */
  retentionDays: number;
  /** Bring a deleted vault of this name back instead of making a new one. */
  recover: boolean;
}

/** A vault that exists before the kit. */
export interface ExistingVault {
  kind: "existing";
  /** ARM id. */
  id: string;
  /** The provider of the vault's subscription, where it is another one. */
  provider?: pulumi.ProviderResource;
}

/** Where the kit's resources go. */
export interface VaultSurroundings {
  resourceGroupName: pulumi.Input<string>;
  location: string;
  tenantId: string;
  subscriptionId: string;
  tags?: Record<string, string>;
}

/** A vault that is ready for a certificate. */
export interface ReadyVault {
  /** ARM id. */
  id: pulumi.Input<string>;
  subscriptionId: string;
  /** `https://<vault>.vault.azure.net/`, as Azure says it. */
  uri: pulumi.Output<string>;
  /** The role of whoever deploys, where the kit assigns it. */
  deployerRole: pulumi.Resource | undefined;
}

/** Makes the vault, and lets whoever deploys put certificates into it. */
export function ownVault(
  name: string,
  vault: OwnVault,
  { resourceGroupName, location, tenantId, subscriptionId, tags }: VaultSurroundings,
  parent: pulumi.Resource,
): ReadyVault {
  const made = new Vault(
    `${name}-vault`,
    {
      resourceGroupName,
      location,
      vaultName: vault.name,
      ...(tags && { tags }),
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        softDeleteRetentionInDays: vault.retentionDays,
        enablePurgeProtection: true,
        ...(vault.recover && { createMode: "recover" }),
        ...(vault.allowedNetworks && {
          networkAcls: {
            bypass: "None",
            defaultAction: "Deny",
            ipRules: vault.allowedNetworks.map((value) => ({ value })),
          },
        }),
      },
    },
    {
      parent,
      // How a vault came to be is no property of it.
      ignoreChanges: ["properties.createMode"],
    },
  );
  const deployerRole =
    vault.deployer === "none"
      ? undefined
      : assignKeyVaultRole(
          `${name}-deployer`,
          {
            vaultId: made.id,
            role: "certificatesOfficer",
            principalId: getClientConfigOutput({ parent }).objectId,
            principalType: vault.deployer === "user" ? "User" : "ServicePrincipal",
            subscriptionId,
          },
          { parent },
        );
  return { id: made.id, subscriptionId, uri: made.properties.apply(({ vaultUri }) => vaultUri ?? ""), deployerRole };
}

/** Looks the vault up. */
export function existingVault({ id, provider }: ExistingVault, parent: pulumi.Resource): ReadyVault {
  const [, , subscriptionId = "", , resourceGroupName = "", , , , vaultName = ""] = id.split("/");
  const found = getVaultOutput({ resourceGroupName, vaultName }, { parent, ...(provider && { provider }) });
  const uri = found.properties.apply(({ vaultUri, enableRbacAuthorization }) => {
    if (enableRbacAuthorization === true) return vaultUri ?? "";
    throw new pulumi.RunError(
      `The key vault ${vaultName} gives rights by access policies, and the kit by Azure roles. Next: let the vault use Azure role-based access (and give its users roles first), or name another vault in certificate.keyVault.id.`,
    );
  });
  return { id, subscriptionId, uri, deployerRole: undefined };
}
