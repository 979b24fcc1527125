import type { Settings } from "../environment/complete.ts";

/** What the organisation had in Azure before the kit came: the public zone, in a resource group of its own. */
export function existingAzure(settings: Settings): object[] {
  const { zone } = settings.publicEndpoint;
  const group = `/subscriptions/${zone.subscriptionId}/resourceGroups/${zone.resourceGroup}`;
  return [
    {
      id: group,
      type: "Microsoft.Resources/resourceGroups",
      name: zone.resourceGroup,
      location: settings.azure.location,
    },
    {
      id: `${group}/providers/Microsoft.Network/dnsZones/${zone.name}`,
      type: "Microsoft.Network/dnsZones",
      name: zone.name,
      location: "global",
      properties: {},
    },
  ];
}
