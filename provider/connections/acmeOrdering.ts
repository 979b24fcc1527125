import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Client } from "acme-client";
import type { AcmeConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import type { AcmeOptions, CertificateOrder, IssuedCertificate } from "./acme.ts";
import { type ChallengeSolver, fulfilOrder } from "./acmeOrder.ts";
import { problemError, SET_ACCOUNT_KEY } from "./acmeProblem.ts";
import { AcmeRefusal, acmeCall, loadAcmeClient } from "./acmeTransport.ts";
import { type Http, openHttp, unreachable } from "./http.ts";

/** The signed half of an account's work: everything that needs its key. */
export interface AcmeOrdering {
  issue(order: KnownOrder, solver: ChallengeSolver, options: AcmeOptions): Promise<IssuedCertificate>;
  revoke(certificatePem: string, accountKeyPem: string | undefined, options: AcmeOptions): Promise<void>;
  close(): void;
}

/** An order whose predecessor, if it has one, is named as the authority names it. */
export interface KnownOrder extends Omit<CertificateOrder, "replaces"> {
  replacesId: string | undefined;
}

/** RFC 5280, 5.3.1: the host that used the certificate ceases to be. */
const CESSATION_OF_OPERATION = 5;

/** Prepares for orders; nothing is sent before the first. */
export function openOrdering(connection: AcmeConnection): AcmeOrdering {
  const { directoryUrl } = connection;
  // Every signed request carries a nonce that the authority takes once (RFC 8555, 6.5): a second copy does nothing.
  const http = openHttp({ caCertificates: connection.caCertificates, repeatsAnyMethod: true });
  const accounts = new Map<string, Promise<Client>>();
  let ownKey: Promise<string> | undefined;

  /**
   * Registers the key's account at the authority, or finds it there: once for each key. The registration belongs to all orders, so
   * a cancelled one leaves it alone.
   */
  const account = (keyPem: string, signal: AbortSignal | undefined): Promise<Client> => {
    let client = accounts.get(keyPem);
    if (!client) {
      client = register(connection, keyPem, http);
      accounts.set(keyPem, client);
      client.catch(() => accounts.delete(keyPem));
    }
    return signal ? Promise.race([client, rejectedBy(signal)]) : client;
  };

  /** The key that came with the order; without one, that of another order of this process, so that all share an account. */
  const keptKey = (keyPem: string | undefined): Promise<string> => {
    ownKey ??= keyPem === undefined ? newAccountKey() : Promise.resolve(keyPem);
    return keyPem === undefined ? ownKey : Promise.resolve(keyPem);
  };

  /** Errors for people, whatever went wrong inside. */
  const explained = async <T>(what: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof AcmeRefusal) throw problemError(what, directoryUrl, error.problem, new Date(), error);
      const lost = unreachable(error, "certificate.caCertificates");
      if (!lost) throw error;
      throw new UserError("ACME_UNREACHABLE", { what: `${what} from ${directoryUrl}`, ...lost }, { cause: error });
    }
  };

  return {
    issue: (order, solver, options) =>
      explained(`Certificate for ${order.dnsNames.join(", ")}`, options.signal, async () => {
        const keyPem = connection.accountKeyPem ?? (await keptKey(order.accountKeyPem));
        options.progress?.("finding the account at the certificate authority");
        const client = await account(keyPem, options.signal);
        const call = <T>(run: () => Promise<T>) => acmeCall(http, options.signal, run);
        const issued = await fulfilOrder(client, call, order, solver, options);
        return { ...issued, accountKeyPem: connection.accountKeyPem ? undefined : keyPem };
      }),
    revoke: (certificatePem, accountKeyPem, options) =>
      explained("Revoking the certificate", options.signal, async () => {
        const keyPem = connection.accountKeyPem ?? accountKeyPem;
        if (!keyPem) throw noAccountKey(directoryUrl);
        const client = await account(keyPem, options.signal);
        const reason = { reason: CESSATION_OF_OPERATION };
        try {
          await acmeCall(http, options.signal, () => client.revokeCertificate(certificatePem, reason));
        } catch (error) {
          if (!isGone(error)) throw error;
        }
      }),
    close: () => http.close(),
  };
}

/** Nothing was asked of the authority yet: the key that would sign the question is missing here. */
function noAccountKey(directoryUrl: string): UserError {
  return new UserError("ACME_ACCOUNT_UNKNOWN", {
    what: `Revoking the certificate at ${directoryUrl}`,
    why: "the key of the account that ordered the certificate is neither in the state nor configured",
    next: SET_ACCOUNT_KEY,
  });
}

/** The account of the key: found at the authority, or made there with its terms agreed (RFC 8555, 7.3). */
async function register(connection: AcmeConnection, accountKey: string, http: Http): Promise<Client> {
  const { Client } = await loadAcmeClient();
  await refuseOther(connection.directoryUrl, http);
  const client = new Client({ directoryUrl: connection.directoryUrl, accountKey });
  const call = <T>(run: () => Promise<T>) => acmeCall(http, undefined, run);
  const contact = connection.contactEmail ? [`mailto:${connection.contactEmail}`] : undefined;
  try {
    const { result: found } = await call(() => client.createAccount({ onlyReturnExisting: true }));
    // Some authorities keep no contacts and show none: nothing to correct there.
    if (contact && found.contact && found.contact.join() !== contact.join()) {
      await call(() => client.updateAccount({ contact }));
    }
  } catch (error) {
    if (!(error instanceof AcmeRefusal) || error.problem.kind !== "accountDoesNotExist") throw error;
    const terms = { termsOfServiceAgreed: true, ...(contact ? { contact } : {}) };
    await call(() => client.createAccount(terms));
  }
  return client;
}

/** acme-client takes any answer for a directory (RFC 8555, 7.1.1) and fails later, in words that help nobody. */
async function refuseOther(directoryUrl: string, http: Http): Promise<void> {
  const response = await http.send({ url: directoryUrl });
  if (response.status === 200 && /"newOrder"\s*:/.test(response.bodyAsText ?? "")) return;
  throw new UserError("ACME_NOT_A_DIRECTORY", {
    what: directoryUrl,
    why: `the answer (HTTP ${response.status}) is not an ACME directory`,
    next: "Set certificate.directoryUrl to the directory URL from the authority's documentation.",
  });
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

const generate = promisify(generateKeyPair) as (type: string, options: object) => Promise<{ privateKey: KeyObject }>;

/** P-256: accepted by every authority, and made in a millisecond. */
async function newAccountKey(): Promise<string> {
  const { privateKey } = await generate("ec", { namedCurve: "prime256v1" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** There is nothing to revoke. A well-formed certificate is "malformed" to an authority only when it is not one of its own. */
function isGone(error: unknown): boolean {
  if (!(error instanceof AcmeRefusal)) return false;
  return ["alreadyRevoked", "malformed"].includes(error.problem.kind) || error.problem.status === 404;
}
