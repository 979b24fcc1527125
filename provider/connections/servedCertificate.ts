import { lookup, Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import { UserError } from "../engine/userError.ts";
import { resolveNameServers } from "./publicDns.ts";
import { trustedContext } from "./trust.ts";

/** Which certificate is to answer where. */
export interface Expected {
  hostName: string;
  port: number;
  /** SHA-1, 40 upper-case hexadecimal digits. */
  thumbprint: string;
  /** `host[:port]` of resolvers that see the public zone; default: the system's. */
  dnsServers?: readonly string[] | undefined;
  /** PEM of roots to trust beside the system's. */
  trustedRoots?: string | undefined;
}

/** How a caller accompanies and bounds the wait. */
export interface ServedOptions {
  signal: AbortSignal;
  progress(message: string): void;
  /** Milliseconds. Default: ten minutes; resolvers may remember for five that a new name did not exist. */
  patienceMs?: number;
}

/** Milliseconds for one connection. */
const TIMEOUT = 10_000;
/** What a machine without IPv6 says about an IPv6 address. */
const NO_ROUTE = new Set(["ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/**
 * Returns the addresses at which the public name answers with the certificate, once each of them does; chain and name are verified
 * as a browser does.
 * @throws UserError `CERTIFICATE_NOT_SERVED` when the time is up, or at once when it answers but is not trusted.
 */
export async function waitUntilServed(expected: Expected, options: ServedOptions): Promise<string[]> {
  const { hostName, port } = expected;
  const deadline = Date.now() + (options.patienceMs ?? 10 * 60_000);
  for (let pause = 200; ; pause = Math.min(pause * 1.6, 5_000)) {
    const { reached, faults } = await look(expected);
    if (faults.length === 0) return reached;
    if (faults.some(({ final }) => final) || Date.now() + pause > deadline) throw notServed(expected, faults);
    options.progress(`waiting for ${hostName}:${port} to answer with the certificate (${faults[0]?.text})`);
    await sleep(pause, undefined, { signal: options.signal });
  }
}

/** What is not as expected. */
interface Fault {
  text: string;
  /** Waiting does not help: the right certificate answers, but nobody trusts it. */
  final?: boolean;
}

/** One look at each address: where it is as expected, and in words where it is not. */
async function look(expected: Expected): Promise<{ reached: string[]; faults: Fault[] }> {
  let addresses: string[];
  try {
    addresses = await addressesOf(expected);
  } catch (error) {
    return { reached: [], faults: [{ text: `${expected.hostName} cannot be looked up: ${(error as Error).message}` }] };
  }
  const seen = await Promise.all(
    addresses.map(async (address) => ({ address, fault: await faultAt(address, expected) })),
  );
  // An address that this machine has no way to says nothing, as long as another one can be asked.
  const judged = seen.filter(({ fault }) => fault !== "unreachable");
  if (judged.length === 0) {
    return { reached: [], faults: [{ text: `no address of ${expected.hostName} can be reached from here` }] };
  }
  const faults = judged.flatMap(({ address, fault }) =>
    fault === undefined || fault === "unreachable" ? [] : [{ ...fault, text: `${address}: ${fault.text}` }],
  );
  return { reached: judged.map(({ address }) => address), faults };
}

function faultAt(
  address: string,
  { hostName, port, thumbprint, trustedRoots }: Expected,
): Promise<Fault | "unreachable" | undefined> {
  return new Promise((resolve) => {
    let served: string | undefined;
    const socket = connect({
      host: address,
      port,
      servername: hostName,
      secureContext: trustedContext(trustedRoots),
      timeout: TIMEOUT,
    });
    const end = (fault: Fault | "unreachable" | undefined) => {
      resolve(fault);
      socket.destroy();
    };
    // Emitted before Node judges the chain and, if that fails, forgets it.
    socket.prependListener("secure", () => {
      served = socket.getPeerCertificate().fingerprint?.replaceAll(":", "");
    });
    socket.once("secureConnect", () =>
      end(served === thumbprint ? undefined : { text: `still answers with the certificate ${served}` }),
    );
    socket.once("timeout", () => end({ text: "does not answer" }));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (isIPv6(address) && NO_ROUTE.has(error.code ?? "")) end("unreachable");
      else end({ text: error.message, final: served === thumbprint });
    });
  });
}

async function addressesOf({ hostName, dnsServers }: Expected): Promise<string[]> {
  if (dnsServers === undefined || dnsServers.length === 0) {
    return (await lookup(hostName, { all: true })).map(({ address }) => address);
  }
  const resolver = new Resolver({ timeout: 5_000, tries: 2 });
  resolver.setServers((await resolveNameServers(dnsServers)).map(({ address }) => address));
  const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostName), resolver.resolve6(hostName)]);
  if (ipv4.status === "rejected" && ipv6.status === "rejected") throw ipv4.reason;
  return [ipv4, ipv6].flatMap((found) => (found.status === "fulfilled" ? found.value : []));
}

function notServed({ hostName, port, thumbprint }: Expected, faults: readonly Fault[]): UserError {
  return new UserError("CERTIFICATE_NOT_SERVED", {
    what: `${hostName}:${port} does not answer with the certificate ${thumbprint}`,
    why: faults.map(({ text }) => text).join("; "),
    next: "The certificate before it is kept on the host. Check the name, the network's rules, the site's binding and publicEndpoint.trustedRoots, and run pulumi up again; where this machine cannot reach the service at all, set publicEndpoint.verifyServed to false.",
  });
}
