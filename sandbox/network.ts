import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { UserError } from "../provider/engine/userError.ts";

/** The sandbox's own piece of the loopback range: every part has an address of its own, so well-known ports stay well-known. */
export interface SandboxNetwork {
  /** The first three numbers, for example `127.83.20`. */
  prefix: string;
  domainController: string;
  azure: string;
  /** Handed out by the simulated Azure as public IP addresses. */
  publicIps: string[];
  /** The Windows host as its own network sees it. */
  host: string;
  acme: string;
  dns: string;
}

export function networkOf(prefix: string): SandboxNetwork {
  return {
    prefix,
    domainController: `${prefix}.10`,
    azure: `${prefix}.20`,
    publicIps: Array.from({ length: 10 }, (_, index) => `${prefix}.${30 + index}`),
    host: `${prefix}.40`,
    acme: `${prefix}.50`,
    dns: `${prefix}.53`,
  };
}

/** Ports that programs or protocols fix: a network is free when all of them are. */
function fixedEndpoints(network: SandboxNetwork): [address: string, port: number][] {
  return [
    [network.domainController, 389],
    [network.domainController, 636],
    [network.domainController, 3268],
    [network.domainController, 3269],
    [network.publicIps[0] as string, 443],
    [network.host, 22],
    [network.host, 443],
    [network.dns, 53],
  ];
}

/**
 * Finds a free network, beginning with the one used before (so that addresses survive a restart), then with one that follows from
 * the folder's name (so that two checkouts rarely meet).
 * @throws UserError `SANDBOX_NO_NETWORK` when ports below 1024 are not allowed or none of 32 networks is free.
 */
export async function findFreeNetwork(folder: string, before?: string): Promise<SandboxNetwork> {
  const seed = createHash("sha256").update(folder).digest();
  const candidates = before === undefined ? [] : [before];
  for (let index = 0; index < 32; index += 1) {
    candidates.push(`127.${64 + ((seed[0] as number) % 64)}.${1 + (((seed[1] as number) + index * 7) % 254)}`);
  }
  let cause: NodeJS.ErrnoException | undefined;
  for (const prefix of candidates) {
    const network = networkOf(prefix);
    cause = await firstFailure(fixedEndpoints(network));
    if (cause === undefined) return network;
    if (cause.code === "EACCES") break;
  }
  throw new UserError(
    "SANDBOX_NO_NETWORK",
    {
      what: "no loopback network for the sandbox",
      why:
        cause?.code === "EACCES"
          ? "this user may not open ports below 1024, which the domain controller and the HTTPS service need"
          : `in every network tried a port was taken (last: ${cause?.message})`,
      next: "Run as root (or with sudo), or stop the program that listens on all addresses at ports 53, 443 or 636.",
    },
    { cause },
  );
}

async function firstFailure(endpoints: [string, number][]): Promise<NodeJS.ErrnoException | undefined> {
  const failures = await Promise.all(endpoints.map(([address, port]) => tryToListen(address, port)));
  return failures.find((failure) => failure !== undefined);
}

function tryToListen(address: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
