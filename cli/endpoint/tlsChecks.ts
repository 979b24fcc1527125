import type { X509Certificate } from "node:crypto";
import { type Check, CheckFailed } from "../verify/check.ts";
import { commonSuites, refusedSuites, weaknessOf } from "./cipherSuites.ts";
import { offer, wireVersions } from "./clientHello.ts";
import type { Endpoint } from "./endpoint.ts";
import { type Door, type Presented, presentedBy } from "./presented.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Renewal is due with a third left, or when the authority says so; with a fifth left it has not happened. */
const OVERDUE_SHARE = 1 / 5;

/** The doors of the service: one at each of its addresses. */
export async function doors({ hostName, port, addresses }: Endpoint): Promise<Door[]> {
  const found = await addresses();
  if (found.length === 0) throw new CheckFailed(`${hostName} has no address`);
  return found.map((address) => ({ address, port, hostName }));
}

async function atEachDoor(endpoint: Endpoint): Promise<(Door & Presented & { leaf: X509Certificate })[]> {
  const found = await doors(endpoint);
  return Promise.all(
    found.map(async (door) => {
      const presented = await presentedBy(door, endpoint.trustedRoots);
      return { ...door, ...presented, leaf: presented.chain[0] as X509Certificate };
    }),
  );
}

const chain: Check<Endpoint> = {
  id: "chain",
  step: "the chain builds to a trusted root",
  async run(endpoint) {
    const seen = await atEachDoor(endpoint);
    for (const { address, distrust } of seen) {
      if (distrust !== undefined) throw new CheckFailed(`${address}: ${distrust}`);
    }
    return (seen[0]?.chain ?? []).map((certificate) => commonName(certificate.subject)).join(" < ");
  },
};

const name: Check<Endpoint> = {
  id: "certificate-name",
  step: "the certificate is for the public name",
  async run(endpoint) {
    for (const { address, leaf } of await atEachDoor(endpoint)) {
      if (leaf.checkHost(endpoint.hostName, { subject: "never" }) === undefined) {
        throw new CheckFailed(`${address}: the certificate is for ${leaf.subjectAltName ?? "no name"}`);
      }
    }
    return `${endpoint.hostName} is among its names`;
  },
};

const deployed: Check<Endpoint> = {
  id: "deployed-certificate",
  step: "the endpoint serves the certificate that the stack holds",
  async run(endpoint) {
    for (const { address, leaf } of await atEachDoor(endpoint)) {
      const served = leaf.fingerprint.replaceAll(":", "");
      if (served !== endpoint.thumbprint)
        throw new CheckFailed(
          `${address}: serves ${served}, but the stack holds ${endpoint.thumbprint}; run pulumi up --refresh`,
        );
    }
    return endpoint.thumbprint;
  },
};

const expiry: Check<Endpoint> = {
  id: "expiry",
  step: "the certificate is valid now and its renewal is not overdue",
  async run(endpoint) {
    const now = endpoint.now.getTime();
    const [first] = (await atEachDoor(endpoint)).sort((a, b) => +a.leaf.validToDate - +b.leaf.validToDate);
    const { leaf, address } = first as Door & { leaf: X509Certificate };
    const [from, to] = [leaf.validFromDate.getTime(), leaf.validToDate.getTime()];
    const until = leaf.validToDate.toISOString();
    if (from > now) throw new CheckFailed(`${address}: valid only from ${leaf.validFromDate.toISOString()} on`);
    if (to <= now) throw new CheckFailed(`${address}: expired at ${until}`);
    const days = Math.floor((to - now) / DAY);
    if (to - now < (to - from) * OVERDUE_SHARE)
      throw new CheckFailed(`${address}: ends ${until}, in ${days} days: less than a fifth of its life is left`);
    return `until ${until}, ${days} days left`;
  },
};

const protocols: Check<Endpoint> = {
  id: "protocols",
  step: "TLS 1.2 or 1.3 is offered, TLS 1.0 and 1.1 are refused",
  async run(endpoint) {
    const [seen] = await atEachDoor(endpoint);
    for (const door of await doors(endpoint)) {
      for (const version of ["TLS 1.0", "TLS 1.1"] as const) {
        const choice = await offer(door, wireVersions[version], commonSuites);
        if (choice !== undefined) throw new CheckFailed(`${door.address}: ${version} is accepted`);
      }
    }
    return `${seen?.protocol} with ${seen?.cipher}; TLS 1.0 and 1.1 are refused`;
  },
};

const ciphers: Check<Endpoint> = {
  id: "ciphers",
  step: "cipher suites without encryption or authentication, and DES, 3DES, RC4 and export ones, are refused",
  async run(endpoint) {
    for (const door of await doors(endpoint)) {
      const accepted = await acceptedOf(door, refusedSuites);
      if (accepted.length > 0) throw new CheckFailed(`${door.address} accepts ${accepted.map(weaknessOf).join(", ")}`);
    }
    return `none of ${refusedSuites.length} is accepted`;
  },
};

/** The suites that a server takes: it names one of those offered, so each is taken out and the rest offered again. */
async function acceptedOf(door: Door, suites: readonly number[]): Promise<number[]> {
  const accepted: number[] = [];
  for (let left = [...suites]; left.length > 0; left = left.filter((suite) => !accepted.includes(suite))) {
    const choice = await offer(door, wireVersions["TLS 1.2"], left);
    if (choice === undefined || !left.includes(choice.cipher)) break;
    accepted.push(choice.cipher);
  }
  return accepted;
}

function commonName(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? (subject || "a certificate without a subject");
}

export const tlsChecks: readonly Check<Endpoint>[] = [chain, name, deployed, expiry, protocols, ciphers];
