import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { AcmeConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import type { AcmeOptions, CertificateOrder, IssuedCertificate, Revocation, RevocationReason } from "./acme.ts";
import { type ChallengeSolver, fulfilOrder } from "./acmeOrder.ts";
import { problemError, SET_ACCOUNT_KEY } from "./acmeProblem.ts";
import { type Registration, register } from "./acmeRegistration.ts";
import { AcmeRefusal, acmeCall, Nonces } from "./acmeTransport.ts";
import { openHttp, unreachable } from "./http.ts";

/** The signed half of an account's work: everything that needs its key. */
export interface AcmeOrdering {
  issue(order: KnownOrder, solver: ChallengeSolver, options: AcmeOptions): Promise<IssuedCertificate>;
  revoke(certificatePem: string, by: Revocation, options: AcmeOptions): Promise<void>;
  close(): void;
}

/** An order whose predecessor, if it has one, is named as the authority names it. */
export interface KnownOrder extends Omit<CertificateOrder, "replaces"> {
  replacesId: string | undefined;
}

/** Codes of the reasons that the holder of a certificate can have (RFC 5280, 5.3.1). */
const REVOCATION_REASONS: Record<RevocationReason, number> = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
};

/** Prepares for orders; nothing is sent before the first. */
export function openOrdering(connection: AcmeConnection): AcmeOrdering {
  const { directoryUrl } = connection;
  // Every signed request carries a nonce that the authority takes once (RFC 8555, 6.5): a second copy does nothing.
  const http = openHttp({ caCertificates: connection.caCertificates, repeatsAnyMethod: true });
  const peer = { http, nonces: new Nonces() };
  const accounts = new Map<string, Promise<Registration>>();
  let ownKey: Promise<string> | undefined;

  /**
   * Registers the key's account at the authority, or finds it there: once for each key. The registration belongs to all orders, so
   * a cancelled one leaves it alone.
   */
  const account = (
    keyPem: string,
    formerKeyPem: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Registration> => {
    let registration = accounts.get(keyPem);
    if (!registration) {
      registration = register(
        connection,
        { keyPem, formerKeyPem: connection.formerAccountKeyPem ?? formerKeyPem },
        peer,
      );
      accounts.set(keyPem, registration);
      registration.catch(() => accounts.delete(keyPem));
    }
    return signal ? Promise.race([registration, rejectedBy(signal)]) : registration;
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
        if (!connection.accountKeyPem) await order.journal?.account(keyPem);
        const { client, profiles } = await account(keyPem, order.accountKeyPem, options.signal);
        if (order.profile !== undefined && !Object.hasOwn(profiles, order.profile)) {
          throw unknownProfile(order.profile, profiles, directoryUrl);
        }
        const call = <T>(run: () => Promise<T>) => acmeCall(peer, options.signal, run);
        const issued = await fulfilOrder(client, call, order, solver, options);
        return { ...issued, accountKeyPem: connection.accountKeyPem ? undefined : keyPem };
      }),
    revoke: (certificatePem, { accountKeyPem, reason }, options) =>
      explained("Revoking the certificate", options.signal, async () => {
        const keyPem = connection.accountKeyPem ?? accountKeyPem;
        if (!keyPem) throw noAccountKey(directoryUrl);
        const { client } = await account(keyPem, accountKeyPem, options.signal);
        const code = { reason: REVOCATION_REASONS[reason] };
        try {
          await acmeCall(peer, options.signal, () => client.revokeCertificate(certificatePem, code));
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

function unknownProfile(profile: string, profiles: Record<string, string>, directoryUrl: string): UserError {
  const offered = Object.entries(profiles).map(([name, description]) => `${name} (${description})`);
  return new UserError("ACME_PROFILE_UNKNOWN", {
    what: `The profile "${profile}" at ${directoryUrl}`,
    why: offered.length > 0 ? `the authority offers ${offered.join(", ")}` : "the authority offers no profiles",
    next: offered.length > 0 ? "Set certificate.profile to one of them." : "Remove certificate.profile.",
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
