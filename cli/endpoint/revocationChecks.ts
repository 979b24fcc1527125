import type { X509Certificate } from "node:crypto";
import { type Check, CheckFailed } from "../verify/check.ts";
import type { Endpoint } from "./endpoint.ts";
import { presentedBy, TIMEOUT } from "./presented.ts";
import { ocspRequest, readOcspResponse, readRevocationList, revocationSources } from "./revocation.ts";
import { doors } from "./tlsChecks.ts";

/** A list of a large authority measures some megabytes. */
const LARGEST = 32 * 1024 * 1024;

const revocation: Check<Endpoint> = {
  id: "revocation",
  step: "each OCSP responder and revocation list that the certificate names answers, and does not revoke it",
  async run(endpoint) {
    const [door] = await doors(endpoint);
    if (door === undefined) throw new CheckFailed(`${endpoint.hostName} has no address`);
    const { chain } = await presentedBy(door, endpoint.trustedRoots);
    const [leaf, issuer] = chain as [X509Certificate, X509Certificate | undefined];
    const { ocsp, crl } = revocationSources(leaf);
    if (ocsp.length + crl.length === 0) return "the certificate names neither a responder nor a list";
    await Promise.all([
      ...ocsp.map((url) => askResponder(url, leaf, issuer)),
      ...crl.map((url) => readList(url, leaf, endpoint.now)),
    ]);
    return [...ocsp, ...crl].map((url) => `${url}: good`).join(", ");
  },
};

async function askResponder(url: string, leaf: X509Certificate, issuer: X509Certificate | undefined): Promise<void> {
  if (issuer === undefined) throw new CheckFailed(`${url} cannot be asked: the server sends no issuer`);
  const body = new Uint8Array(ocspRequest(leaf, issuer));
  const answer = await fetched(url, {
    method: "POST",
    headers: { "content-type": "application/ocsp-request" },
    body,
  });
  const state = readable(url, () => readOcspResponse(answer));
  if (state !== "good") throw new CheckFailed(`${url} answers: ${state}`);
}

async function readList(url: string, leaf: X509Certificate, now: Date): Promise<void> {
  const answer = await fetched(url);
  const { nextUpdate, serialNumbers } = readable(url, () => readRevocationList(answer));
  if (nextUpdate !== undefined && Date.parse(nextUpdate) < now.getTime()) {
    throw new CheckFailed(`${url} is out of date since ${nextUpdate}`);
  }
  if (serialNumbers.includes(leaf.serialNumber.replace(/^0+/, ""))) {
    throw new CheckFailed(`${url} lists the certificate as revoked`);
  }
}

async function fetched(url: string, options: RequestInit = {}): Promise<Buffer> {
  try {
    const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (bytes.length > LARGEST) throw new Error(`it sends ${bytes.length} bytes`);
    return bytes;
  } catch (error) {
    const cause = (error as Error).cause as Error | undefined;
    throw new CheckFailed(`${url} cannot be read: ${cause?.message || (error as Error).message}`, { cause: error });
  }
}

function readable<T>(url: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CheckFailed(`${url} sends something that cannot be read: ${(cause as Error).message}`, { cause });
  }
}

export const revocationChecks: readonly Check<Endpoint>[] = [revocation];
