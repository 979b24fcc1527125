import { createPublicKey } from "node:crypto";
import type { Client } from "acme-client";
import type { AcmeConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { type AcmePeer, AcmeRefusal, acmeCall, loadAcmeClient } from "./acmeTransport.ts";

/** The key of an account, and the one that it may have had before. */
export interface AccountKeys {
  /** PEM. */
  keyPem: string;
  /** PEM. An account that still has this key gets the new one (RFC 8555, 7.3.5). */
  formerKeyPem?: string;
}

/** An account that orders can be placed with, and what its authority offers. */
export interface Registration {
  client: Client;
  /** What each profile is, by its name; empty when the authority has none. */
  profiles: Record<string, string>;
}

/**
 * The account of a key: found at the authority, moved over from the former key, or made with the terms agreed (RFC 8555, 7.3). Its
 * contact is brought up to date.
 */
export async function register(connection: AcmeConnection, keys: AccountKeys, peer: AcmePeer): Promise<Registration> {
  const { directoryUrl, externalAccountKeyId: kid, externalAccountKey: hmacKey } = connection;
  const { Client } = await loadAcmeClient();
  const profiles = await profilesOf(directoryUrl, peer);
  const externalAccountBinding = kid !== undefined && hmacKey !== undefined ? { kid, hmacKey } : undefined;
  const open = (accountKey: string) =>
    new Client({ directoryUrl, accountKey, ...(externalAccountBinding && { externalAccountBinding }) });
  const call = <T>(run: () => Promise<T>) => acmeCall(peer, undefined, run);
  const contact = connection.contactEmail ? [`mailto:${connection.contactEmail}`] : undefined;

  const find = async (client: Client) => {
    const found = await existing(() => call(() => client.createAccount({ onlyReturnExisting: true })));
    // Some authorities keep no contacts and show none: nothing to correct there.
    if (found && contact && found.result.contact && found.result.contact.join() !== contact.join()) {
      await call(() => client.updateAccount({ contact }));
    }
    return found !== undefined;
  };

  const client = open(keys.keyPem);
  if (await find(client)) return { client, profiles };
  if (keys.formerKeyPem !== undefined && !isSameKey(keys.formerKeyPem, keys.keyPem)) {
    const former = open(keys.formerKeyPem);
    if (await find(former)) {
      await call(() => former.updateAccountKey(keys.keyPem));
      return { client: former, profiles };
    }
  }
  await call(() => client.createAccount({ termsOfServiceAgreed: true, ...(contact ? { contact } : {}) }));
  return { client, profiles };
}

/** What the authority says of an account; `undefined` when it has none with this key. */
async function existing<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof AcmeRefusal && error.problem.kind === "accountDoesNotExist") return undefined;
    throw error;
  }
}

/** acme-client takes any answer for a directory (RFC 8555, 7.1.1) and fails later, in words that help nobody. */
async function profilesOf(directoryUrl: string, { http }: AcmePeer): Promise<Record<string, string>> {
  const response = await http.send({ url: directoryUrl });
  const directory = response.status === 200 ? parsed(response.bodyAsText ?? "") : undefined;
  if (directory?.newOrder) return directory.meta?.profiles ?? {};
  throw new UserError("ACME_NOT_A_DIRECTORY", {
    what: directoryUrl,
    why: `the answer (HTTP ${response.status}) is not an ACME directory`,
    next: "Set certificate.directoryUrl to the directory URL from the authority's documentation.",
  });
}

interface Directory {
  newOrder?: string;
  meta?: { profiles?: Record<string, string> };
}

function parsed(text: string): Directory | undefined {
  try {
    return JSON.parse(text) as Directory;
  } catch {
    return undefined;
  }
}

/** Node's own comparison leaves an error behind when the kinds of key differ, and the next TLS connection fails with it. */
function isSameKey(onePem: string, otherPem: string): boolean {
  const form = (pem: string) => createPublicKey(pem).export({ type: "spki", format: "der" });
  return form(onePem).equals(form(otherPem));
}
