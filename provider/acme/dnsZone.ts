const ZONE_ID = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/dnsZones\/([^/]+)$/i;

/** The zone's DNS name out of its ARM id; `undefined` when the id is not that of a public DNS zone. */
export function zoneName(zoneId: string): string | undefined {
  return ZONE_ID.exec(zoneId)?.[1]?.toLowerCase();
}
