import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { writeFileAtomically } from "../atomicFile.ts";
import type { AcmeOptions } from "./options.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** Pebble's configuration file, and where it will listen. */
export interface PebbleConfiguration {
  file: string;
  /** The ACME protocol itself. */
  port: number;
  /** Pebble's own root and intermediate certificates. */
  managementPort: number;
}

/** Writes the configuration file, with the ports of last time where they are still free. */
export async function writeConfiguration(options: AcmeOptions): Promise<PebbleConfiguration> {
  const file = join(options.directory, "pebble.json");
  const before = portsIn(file);
  const port = await freePort(options.address, before?.port);
  const managementPort = await freePort(options.address, before?.managementPort);
  const pebble = {
    listenAddress: `${options.address}:${port}`,
    managementListenAddress: `${options.address}:${managementPort}`,
    certificate: options.tls.certFile,
    privateKey: options.tls.keyFile,
    ocspResponderURL: "",
    externalAccountBindingRequired: options.externalAccounts !== undefined,
    externalAccountMACKeys: options.externalAccounts ?? {},
    domainBlocklist: options.blockedDomains ?? [],
    retryAfter: { authz: options.retryAfterSeconds ?? 0, order: options.retryAfterSeconds ?? 0 },
    profiles: {
      default: profile("The usual one", options.certificateValidityDays ?? 90),
      ...Object.fromEntries(
        Object.entries(options.profiles ?? {}).map(([name, days]) => [name, profile(`Valid for ${days} days`, days)]),
      ),
    },
  };
  await writeFileAtomically(file, `${JSON.stringify({ pebble }, undefined, 2)}\n`, 0o600);
  return { file, port, managementPort };
}

function profile(description: string, days: number): { description: string; validityPeriod: number } {
  return { description, validityPeriod: days * DAY_SECONDS };
}

/** Pebble's variables; they are the only way to set these. */
export function pebbleEnvironment(options: AcmeOptions): Record<string, string> {
  const { nonceRejectPercent, authorizationReusePercent, alternateRoots, longestValidationSeconds } = options;
  return {
    ...(options.slowValidation ? {} : { PEBBLE_VA_NOSLEEP: "1" }),
    ...(longestValidationSeconds === undefined ? {} : { PEBBLE_VA_SLEEPTIME: String(longestValidationSeconds) }),
    ...(nonceRejectPercent === undefined ? {} : { PEBBLE_WFE_NONCEREJECT: String(nonceRejectPercent) }),
    ...(authorizationReusePercent === undefined ? {} : { PEBBLE_AUTHZREUSE: String(authorizationReusePercent) }),
    ...(alternateRoots === undefined ? {} : { PEBBLE_ALTERNATE_ROOTS: String(alternateRoots) }),
  };
}

function portsIn(file: string): { port: number; managementPort: number } | undefined {
  try {
    const { pebble } = JSON.parse(readFileSync(file, "utf8")) as {
      pebble: { listenAddress: string; managementListenAddress: string };
    };
    const portOf = (address: string) => Number(address.slice(address.lastIndexOf(":") + 1));
    return { port: portOf(pebble.listenAddress), managementPort: portOf(pebble.managementListenAddress) };
  } catch {
    return undefined;
  }
}

async function freePort(address: string, wanted = 0): Promise<number> {
  return (await tryPort(address, wanted)) ?? (await tryPort(address, 0)) ?? Promise.reject(noPort(address));
}

function tryPort(address: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host: address, port, exclusive: true }, () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound ? bound.port : undefined));
    });
  });
}

function noPort(address: string): Error {
  return new Error(`No port of ${address} can be listened on; is it a loopback address of this machine?`);
}
