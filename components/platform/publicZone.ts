import { RecordSet } from "@pulumi/azure-native/dns/recordSet.js";
import { Zone } from "@pulumi/azure-native/dns/zone.js";
import type * as pulumi from "@pulumi/pulumi";

/** The public DNS zone that holds the name. */
export interface PublicZone {
  /** ARM id. */
  id: string;
  resourceGroup: string;
  name: string;
  /** The zone above, when the kit is to make this zone and delegate it there. Default: the zone is there before the kit. */
  delegatedFrom?: ZoneAbove | undefined;
}

/** The zone above a delegated one; it is there before the kit. */
export interface ZoneAbove {
  resourceGroup: string;
  name: string;
  /** For a zone in another subscription. Default: the provider of the endpoint. */
  provider?: pulumi.ProviderResource;
}

/** Resolvers ask the zone above rarely, and the name servers of a zone hardly ever change: a day. */
const DELEGATION_TTL = 86_400;

/** Makes a zone and the NS record above it; nothing for a zone that is there already. Answers what records in the zone wait for. */
export function delegatedZone(name: string, zone: PublicZone, parent: pulumi.Resource): pulumi.Resource[] {
  const above = zone.delegatedFrom;
  if (above === undefined) return [];
  const made = new Zone(
    `${name}-zone`,
    { zoneName: zone.name, resourceGroupName: zone.resourceGroup, location: "global" },
    { parent },
  );
  const delegation = new RecordSet(
    `${name}-delegation`,
    {
      resourceGroupName: above.resourceGroup,
      zoneName: above.name,
      relativeRecordSetName: zone.name.slice(0, -above.name.length - 1),
      recordType: "NS",
      ttl: DELEGATION_TTL,
      nsRecords: made.nameServers.apply((servers) => servers.map((nsdname) => ({ nsdname }))),
    },
    { parent, ...(above.provider && { provider: above.provider }) },
  );
  return [made, delegation];
}
