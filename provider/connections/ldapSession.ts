import { setTimeout as delay } from "node:timers/promises";
import { type Client, ResultCodeError } from "ldapts";
import type { DirectoryConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { type Bound, connectAndBind } from "./ldapConnect.ts";
import { DirectoryError, explain, LDAP_RESULT } from "./ldapErrors.ts";
import { trustedContext } from "./trust.ts";

/** How a request may be repeated and what it is called in an error. */
export interface RequestOptions {
  /** What is being done, for example `creating CN=MFA Users,OU=MFA`; begins an error message. */
  doing: string;
  /** A read may be sent again after a lost connection; after a write nobody knows whether it arrived. */
  kind: "read" | "write";
  signal: AbortSignal | undefined;
}

/** Attempts while the controller is busy, and the first pause between them; each next pause is twice as long. */
const BUSY_ATTEMPTS = 6;
const BUSY_PAUSE_MS = 200;

/**
 * One connection with one bind that all resources of an operation share; requests run side by side on it. All go to the same
 * controller, so that each sees what the ones before it wrote. A lost connection is replaced, by the next controller if need be.
 */
export class LdapSession {
  readonly #connection: DirectoryConnection;
  #current: Bound | undefined;
  #opening: Promise<Bound> | undefined;
  /** A refused log-on is never tried again. */
  #refused: DirectoryError | undefined;

  constructor(connection: DirectoryConnection) {
    this.#connection = connection;
  }

  /** Connects and binds at the first call and after a lost connection; callers at the same time share one attempt. */
  async bound(signal: AbortSignal | undefined): Promise<Bound> {
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#current?.client.isBound === true) return this.#current;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return unlessAborted(this.#opening, signal);
  }

  async #open(): Promise<Bound> {
    try {
      this.#current = await connectAndBind(this.#connection, trustedContext(this.#connection.caCertificates));
      return this.#current;
    } catch (error) {
      if (error instanceof DirectoryError) this.#refused = error;
      throw error;
    }
  }

  /** Sends one request; a refusal of the server is thrown as a {@link DirectoryError}. */
  async request<T>(send: (client: Client) => Promise<T>, options: RequestOptions): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const { client, controller } = await this.bound(options.signal);
      options.signal?.throwIfAborted();
      try {
        return await unlessAborted(send(client), options.signal);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (error instanceof ResultCodeError) {
          if (!isPassing(error) || attempt === BUSY_ATTEMPTS) throw explain(error, options.doing);
          await delay(BUSY_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal: options.signal });
        } else if (client.isConnected) {
          throw error;
        } else if (options.kind === "write" || attempt > 1) {
          throw lost(options.doing, controller, error);
        }
      }
    }
  }

  /** Does not wait for a controller that is being connected to: a cancelled operation ends at once. */
  async close(): Promise<void> {
    void this.#opening?.then(({ client }) => client.unbind()).catch(() => {});
    await this.#current?.client.unbind();
  }
}

/** The controller did nothing and says that it may work later. */
function isPassing(error: ResultCodeError): boolean {
  return error.code === LDAP_RESULT.busy || error.code === LDAP_RESULT.unavailable;
}

function lost(doing: string, controller: string, cause: unknown): UserError {
  return new UserError(
    "DIRECTORY_CONNECTION_LOST",
    {
      what: doing,
      why: `the connection to ${controller} was lost before the answer came, so it is not known whether it was done`,
      next: "Run `pulumi up` again: it looks at what is there and goes on from it",
    },
    { cause },
  );
}

/** The LDAP library knows no cancellation: the request may still be carried out, only nobody waits for it. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
