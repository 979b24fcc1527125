import { Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../engine/userError.ts";
import type { ChallengeValues } from "./acmeOrder.ts";

/** A name server and one address at which it is asked. */
export interface NameServer {
  /** Its name, for messages. */
  name: string;
  /** `address` or `address:port`, as `Resolver.setServers` takes it. */
  address: string;
}

/** How a caller accompanies and bounds the wait. */
export interface VisibilityOptions {
  signal?: AbortSignal;
  progress?(message: string): void;
  /** Milliseconds. Default: five minutes; Azure DNS needs up to about one. */
  patienceMs?: number;
}

/**
 * Finds the addresses of name servers given as `host[:port]`. Each IPv4 address counts, for an anycast name may stand for several
 * machines; an IPv6 address counts only where there is no other, for many build machines have no IPv6.
 */
export async function resolveNameServers(hosts: readonly string[]): Promise<NameServer[]> {
  const resolver = new Resolver();
  const found = await Promise.all(hosts.map((host) => addressesOf(host, resolver)));
  const servers = found.flat();
  if (servers.length > 0) return servers;
  throw new UserError("DNS_SERVERS_NOT_FOUND", {
    what: `The name servers ${hosts.join(", ")}`,
    why: "none of them has an address here",
    next: "Check name resolution on this machine, or name servers that see the public zone in publicEndpoint.dnsServers.",
  });
}

/** Returns when every server shows every value; says meanwhile which server is still behind. */
export async function waitUntilVisible(
  servers: NameServer[],
  challenges: ChallengeValues[],
  options: VisibilityOptions = {},
): Promise<void> {
  const deadline = Date.now() + (options.patienceMs ?? 5 * 60_000);
  let behind = servers;
  for (let wait = 40; ; wait = Math.min(5_000, wait * 1.6)) {
    const lacks = await Promise.all(behind.map((server) => lack(server, challenges)));
    const still = behind.flatMap((server, index) => (lacks[index] ? [{ server, lacks: lacks[index] }] : []));
    if (still.length === 0) return;
    const list = still.map(({ server, lacks }) => `${server.name} (${lacks})`).join(", ");
    if (Date.now() > deadline) {
      throw new UserError("ACME_RECORD_NOT_VISIBLE", {
        what: challenges.map((challenge) => challenge.name).join(", "),
        why: `the TXT record was written, but is not yet shown by ${list}`,
        next: "Check that the zone's public delegation names these servers and that port 53 to them is open from here, then run again.",
      });
    }
    options.progress?.(`waiting for ${list}`);
    behind = still.map(({ server }) => server);
    await sleep(wait, undefined, { signal: options.signal });
  }
}

/** What the server does not show yet, in words; `undefined` when it shows everything. */
async function lack(server: NameServer, challenges: ChallengeValues[]): Promise<string | undefined> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([server.address]);
  for (const { name, values } of challenges) {
    try {
      const shown = new Set((await resolver.resolveTxt(name)).map((strings) => strings.join("")));
      if (!values.every((value) => shown.has(value))) return "an older record";
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      return code === "ENOTFOUND" || code === "ENODATA" ? "no record yet" : `no answer: ${code}`;
    }
  }
  return undefined;
}

async function addressesOf(server: string, resolver: Resolver): Promise<NameServer[]> {
  const { host, port } = splitHostPort(server.replace(/\.$/, ""));
  const ports = port ? `:${port}` : "";
  const named = (address: string) => ({
    name: server,
    address: address.includes(":") && port ? `[${address}]${ports}` : `${address}${ports}`,
  });
  if (isIP(host)) return [named(host)];
  const ipv4 = await resolver.resolve4(host).catch(() => []);
  return (ipv4.length > 0 ? ipv4 : await resolver.resolve6(host).catch(() => [])).map(named);
}

/** `host`, `host:port`, `[v6]:port` or a bare IPv6 address. */
export function splitHostPort(text: string): { host: string; port: string | undefined } {
  if (isIP(text) === 6) return { host: text, port: undefined };
  const match = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(text);
  return { host: match?.[1] ?? text, port: match?.[2] };
}
