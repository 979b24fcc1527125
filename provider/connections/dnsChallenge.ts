import type { ChallengeSolver, ChallengeValues } from "./acmeOrder.ts";
import type { ChallengeZone } from "./challengeZone.ts";
import { findTarget, type Target } from "./dnsDelegation.ts";
import { type NameServer, resolveNameServers, waitUntilVisible } from "./publicDns.ts";

/** How challenges are answered. */
export interface DnsChallengeOptions {
  /** `host[:port]` of servers that see the public zones; they also must show a record. Default: each zone's own name servers. */
  dnsServers?: string[];
  signal?: AbortSignal;
  progress?(message: string): void;
  /** Told when something could not be removed; the next run tries again. */
  warn?(message: string): void;
  /** Told before anything is written, so that a later run finds it after a crash. Names are those where the values will lie. */
  publishing?(challenges: ChallengeValues[]): Promise<void>;
}

/** Cleaning up goes on after Ctrl-C, but not for ever. */
const CLEAN_UP_PATIENCE_MS = 60_000;

/** Answers DNS-01 challenges (RFC 8555, 8.4) in these zones, where the names themselves or the CNAME records at them lead. */
export function dnsChallenges(zones: readonly ChallengeZone[], options: DnsChallengeOptions): ChallengeSolver {
  const { dnsServers, signal, progress } = options;
  const targets = new Map<string, Promise<Target>>();
  const targetOf = (name: string): Promise<Target> => {
    let target = targets.get(name);
    if (!target) {
      target = findTarget(name, zones, dnsServers);
      targets.set(name, target);
    }
    return target;
  };
  const serversOf = (zone: ChallengeZone): Promise<NameServer[]> =>
    dnsServers?.length ? resolveNameServers(dnsServers) : zone.nameServers(signal);

  const present = async (challenges: ChallengeValues[]): Promise<void> => {
    const merged = await mergedByTarget(challenges, targetOf);
    await options.publishing?.(merged.map(({ target, values }) => ({ name: target.name, values })));
    const byZone = [...Map.groupBy(merged, ({ target }) => target.zone)].map(([zone, parts]) => ({
      challenges: parts.map(({ target, values }) => ({ name: target.name, values })),
      servers: serversOf(zone),
    }));
    // All writes end before one failure is reported: a late write would outlive the clean-up.
    const outcomes = await Promise.allSettled([
      ...byZone.map(({ servers }) => servers),
      ...merged.map(({ target, values }) => target.zone.publish(target.name, values, signal)),
    ]);
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    await Promise.all(
      byZone.map(async (part) => waitUntilVisible(await part.servers, part.challenges, { signal, progress })),
    );
  };

  const cleanUp = async (names: string[]): Promise<void> => {
    const patience = AbortSignal.timeout(CLEAN_UP_PATIENCE_MS);
    const withdrawn = new Map<string, Promise<void>>();
    await Promise.all(
      names.map(async (name) => {
        try {
          const { zone, name: place } = await targetOf(name);
          if (!withdrawn.has(place)) withdrawn.set(place, zone.withdraw(place, patience));
          await withdrawn.get(place);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          options.warn?.(`The challenge record ${name} could not be removed; the next run will try again. ${reason}`);
        }
      }),
    );
  };
  return { present, cleanUp };
}

/** Several challenge names may lead to one and the same: their values stand there together. */
async function mergedByTarget(
  challenges: ChallengeValues[],
  targetOf: (name: string) => Promise<Target>,
): Promise<{ target: Target; values: string[] }[]> {
  const found = await Promise.all(challenges.map(async (one) => ({ ...one, target: await targetOf(one.name) })));
  return [...Map.groupBy(found, ({ target }) => target.name).values()].flatMap((parts) => {
    const [first] = parts;
    return first ? [{ target: first.target, values: parts.flatMap(({ values }) => values) }] : [];
  });
}
