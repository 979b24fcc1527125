/**
 * What the deployment does in Azure, as the actions of a custom role: the environment's resource group, its network and its one
 * machine. Nothing about rights, keys, storage or other services.
 */
export const deploymentActions: readonly string[] = [
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.Resources/subscriptions/resourceGroups/write",
  "Microsoft.Resources/subscriptions/resourceGroups/delete",
  "Microsoft.Network/virtualNetworks/*",
  "Microsoft.Network/networkSecurityGroups/*",
  "Microsoft.Network/publicIPAddresses/*",
  "Microsoft.Network/networkInterfaces/*",
  // Long operations are followed below the provider's locations.
  "Microsoft.Network/locations/*",
  "Microsoft.Compute/virtualMachines/*",
  "Microsoft.Compute/disks/read",
  "Microsoft.Compute/disks/write",
  "Microsoft.Compute/disks/delete",
  "Microsoft.Compute/locations/*",
];

/** Azure's built-in roles, by id ("Azure built-in roles"). */
const builtIn = {
  dnsZoneContributor: "befefa01-2a29-4197-83a8-272ff33ce314",
  virtualMachineContributor: "9980e02c-c2be-4d73-94e8-173b1dc7cf3c",
} as const;

/** @param scope ARM id below which the role is given; its subscription is where the role is looked up. */
export function builtInRole(name: keyof typeof builtIn, scope: string): string {
  const subscription = scope.split("/").slice(0, 3).join("/");
  return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${builtIn[name]}`;
}
