import { Resolver } from "node:dns/promises";
import { UserError } from "../engine/userError.ts";
import type { ChallengeZone } from "./challengeZone.ts";
import { resolveNameServers } from "./publicDns.ts";

/** Where a challenge is really answered. */
export interface Target {
  /** Fully qualified, lower case. */
  name: string;
  zone: ChallengeZone;
}

/** Longer chains of CNAME records are a mistake, or a loop. */
const LONGEST_CHAIN = 8;

/**
 * Follows the CNAME records at a challenge's name, as authorities do, to a name in one of the zones. `dnsServers`: `host[:port]` of
 * resolvers that see the public zones; default: the system's.
 * @throws UserError `DNS_CHALLENGE_ELSEWHERE` when it leads into none of them.
 */
export async function findTarget(
  challengeName: string,
  zones: readonly ChallengeZone[],
  dnsServers: string[] | undefined,
): Promise<Target> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (dnsServers?.length) {
    const servers = await resolveNameServers(dnsServers);
    resolver.setServers(servers.map(({ address }) => address));
  }
  let name = challengeName.toLowerCase();
  for (let links = 0; links < LONGEST_CHAIN; links++) {
    const next = await aliasAt(name, resolver);
    if (next === undefined) break;
    name = next;
  }
  const zone = zoneOf(name, zones);
  if (zone) return { name, zone };
  const led = name === challengeName.toLowerCase() ? "no CNAME record leads from it" : `it leads by CNAME to ${name}`;
  throw new UserError("DNS_CHALLENGE_ELSEWHERE", {
    what: `The challenge at ${challengeName}`,
    why: `${led}, and that lies in none of the zones that the kit may write to (${zones.map((one) => one.name).join(", ")})`,
    next: "Point the CNAME record into one of these zones, or add the zone that it leads to (certificate.delegatedZones, or certificate.dnsUpdate for a zone outside Azure).",
  });
}

/** The zone with the longest name that the name lies in; of two with one name, the first. */
function zoneOf(name: string, zones: readonly ChallengeZone[]): ChallengeZone | undefined {
  return zones
    .filter((zone) => name.endsWith(`.${zone.name}`))
    .toSorted((one, other) => other.name.length - one.name.length)[0];
}

/** A server that does not answer says nothing of a CNAME record; whether the name itself can be written to will show. */
async function aliasAt(name: string, resolver: Resolver): Promise<string | undefined> {
  const aliases = await resolver.resolveCname(name).catch(() => []);
  return aliases[0]?.toLowerCase().replace(/\.$/, "");
}
