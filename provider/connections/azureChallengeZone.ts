import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../engine/userError.ts";
import { type ArmClient, isPreconditionFailed } from "./arm.ts";
import type { ChallengeZone } from "./challengeZone.ts";
import { resolveNameServers } from "./publicDns.ts";
import { type TxtRecordSet, textsOf, withoutValues, withValues } from "./txtRecordSet.ts";

const API_VERSION = "2018-05-01";

/** Two certificates that share a name write in turns: each loss of the race costs one more round. */
const WRITE_ATTEMPTS = 12;

/**
 * A public zone of Azure DNS. `zoneId` is its ARM id. `owner` marks, in the record sets' metadata, what belongs to one certificate, in
 * letters that Azure takes as a metadata name: a later run on another machine still finds it.
 */
export function azureChallengeZone(arm: ArmClient, zoneId: string, owner: string): ChallengeZone {
  const name = zoneId.slice(zoneId.lastIndexOf("/") + 1).toLowerCase();
  const path = (fqdn: string) => `${zoneId}/TXT/${fqdn.slice(0, -(name.length + 1))}`;
  return {
    name,
    publish: (fqdn, values, signal) =>
      rewrite(arm, path(fqdn), (current) => withValues(current, owner, values), signal),
    withdraw: (fqdn, signal) => rewrite(arm, path(fqdn), (current) => withoutValues(current, owner), signal),
    nameServers: async (signal) => {
      const zone = await arm.get<{ properties: { nameServers?: string[] } }>(zoneId, API_VERSION, { signal });
      if (zone?.properties.nameServers?.length) return resolveNameServers(zone.properties.nameServers);
      throw new UserError("DNS_ZONE_NOT_FOUND", {
        what: `The DNS zone ${zoneId}`,
        why: zone ? "Azure lists no name servers for it" : "it does not exist",
        next: "Check publicEndpoint.zone (name, resource group, subscription).",
      });
    },
  };
}

/**
 * Reads, changes and writes a record set, and begins again when somebody else wrote in between. A write whose answer was lost is
 * seen as such a race too: the next reading finds the change already made.
 */
async function rewrite(
  arm: ArmClient,
  path: string,
  change: (current: TxtRecordSet | undefined) => TxtRecordSet | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const current = await arm.get<TxtRecordSet>(path, API_VERSION, { signal });
    const wanted = change(current);
    if (isSame(current, wanted)) return;
    try {
      if (wanted) {
        const condition = current?.etag ? { ifMatch: current.etag } : { ifNoneMatch: "*" as const };
        await arm.put(path, API_VERSION, { properties: writable(wanted) }, { ...condition, signal });
      } else {
        await arm.delete(path, API_VERSION, { ifMatch: current?.etag, signal });
      }
      return;
    } catch (error) {
      if (!isPreconditionFailed(error) || attempt === WRITE_ATTEMPTS) throw error;
      await sleep(Math.random() * 50 * attempt, undefined, { signal });
    }
  }
}

/** What a writer decides; Azure adds the rest. */
function writable({ properties }: TxtRecordSet): TxtRecordSet["properties"] {
  return { TTL: properties.TTL, TXTRecords: properties.TXTRecords ?? [], metadata: properties.metadata ?? {} };
}

function isSame(current: TxtRecordSet | undefined, wanted: TxtRecordSet | undefined): boolean {
  if (!current || !wanted) return current === wanted;
  const form = (set: TxtRecordSet) =>
    JSON.stringify([textsOf(set).toSorted(), Object.entries(set.properties.metadata ?? {}).toSorted()]);
  return form(current) === form(wanted);
}
