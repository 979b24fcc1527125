import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../engine/userError.ts";
import type { ChallengeSolver, ChallengeValues } from "./acmeOrder.ts";
import { type ArmClient, isPreconditionFailed } from "./arm.ts";
import { resolveNameServers, waitUntilVisible } from "./publicDns.ts";
import { type TxtRecordSet, textsOf, withoutValues, withValues } from "./txtRecordSet.ts";

/** Where and for whom challenges are answered. */
export interface AzureDnsChallengeOptions {
  /** ARM id of the public zone. */
  zoneId: string;
  /** Marks what belongs to this certificate, in letters that Azure takes as a metadata name. */
  owner: string;
  /** `host[:port]` of the servers that must show a record. Default: all name servers that Azure lists for the zone. */
  dnsServers?: string[];
  signal?: AbortSignal;
  progress?(message: string): void;
  /** Told when something could not be removed; the next run tries again. */
  warn?(message: string): void;
}

const API_VERSION = "2018-05-01";

/** Two certificates that share a name write in turns: each loss of the race costs one more round. */
const WRITE_ATTEMPTS = 12;

/** Cleaning up goes on after Ctrl-C, but not for ever. */
const CLEAN_UP_PATIENCE_MS = 60_000;

/** Answers DNS-01 challenges in an Azure DNS zone, beside whatever else lives at the same names. */
export function azureDnsChallenges(arm: ArmClient, options: AzureDnsChallengeOptions): ChallengeSolver {
  const { owner, signal, progress } = options;

  const present = async (challenges: ChallengeValues[]): Promise<void> => {
    const servers = nameServers(arm, options);
    // All writes end before one failure is reported: a late write would outlive the clean-up.
    const outcomes = await Promise.allSettled([
      servers,
      ...challenges.map(({ name, values }) =>
        rewrite(arm, recordSetPath(options.zoneId, name), (current) => withValues(current, owner, values), signal),
      ),
    ]);
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    await waitUntilVisible(await servers, challenges, { signal, progress });
  };

  const cleanUp = async (names: string[]): Promise<void> => {
    const patience = AbortSignal.timeout(CLEAN_UP_PATIENCE_MS);
    await Promise.all(
      names.map(async (name) => {
        try {
          const path = recordSetPath(options.zoneId, name);
          await rewrite(arm, path, (current) => withoutValues(current, owner), patience);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          options.warn?.(`The challenge record ${name} could not be removed; the next run will try again. ${reason}`);
        }
      }),
    );
  };
  return { present, cleanUp };
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

async function nameServers(arm: ArmClient, options: AzureDnsChallengeOptions) {
  if (options.dnsServers?.length) return resolveNameServers(options.dnsServers);
  const zone = await arm.get<{ properties: { nameServers?: string[] } }>(options.zoneId, API_VERSION, {
    signal: options.signal,
  });
  if (zone?.properties.nameServers?.length) return resolveNameServers(zone.properties.nameServers);
  throw new UserError("DNS_ZONE_NOT_FOUND", {
    what: `The DNS zone ${options.zoneId}`,
    why: zone ? "Azure lists no name servers for it" : "it does not exist",
    next: "Check publicEndpoint.zone (name, resource group, subscription).",
  });
}

function recordSetPath(zoneId: string, name: string): string {
  const zone = zoneId.slice(zoneId.lastIndexOf("/") + 1);
  return `${zoneId}/TXT/${name.slice(0, -(zone.length + 1))}`;
}
