import type { CloudSettings } from "../arm/resourceType.ts";

/** Address of a vault's data plane. Here all vaults share one server, because no name below `vault.azure.net` leads to it. */
export function vaultUriOf(name: string, { keyVaultOrigin }: CloudSettings): string {
  return keyVaultOrigin === undefined ? azureUriOf(name) : `${keyVaultOrigin}/${name.toLowerCase()}/`;
}

/** The address that Azure would give the vault; the ids in its answers begin with it, because Microsoft's clients know no other form. */
export function azureUriOf(name: string): string {
  return `https://${name.toLowerCase()}.vault.azure.net/`;
}
