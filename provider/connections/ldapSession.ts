import { setTimeout as delay } from "node:timers/promises";
import { type Client, ResultCodeError } from "ldapts";
import type { DirectoryConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { type Bound, type ConnectOptions, connectAndBind } from "./ldapConnect.ts";
import { CONNECTION_LOST, DirectoryError, explain, isWrongPassword, LDAP_RESULT } from "./ldapErrors.ts";
import { domainControllersOf, lookupOf } from "./ldapLocate.ts";
import { trustedContext } from "./trust.ts";

/** How a request may be repeated and what it is called in an error. */
export interface RequestOptions {
  /** What is being done, for example `creating CN=MFA Users,OU=MFA`; begins an error message. */
  doing: string;
  /** May be sent again after a lost connection, when nobody knows whether it arrived: doing it twice is like doing it once. */
  repeatable: boolean;
  signal: AbortSignal | undefined;
}

/** Attempts while the controller is busy, and the first pause between them; each next pause is twice as long. */
const BUSY_ATTEMPTS = 6;
const BUSY_PAUSE_MS = 200;
/** How often a request is sent again after a lost connection. */
const LOST_ATTEMPTS = 2;

/**
 * One connection with one bind that all resources of an operation share; requests run side by side on it. All go to the same
 * controller, so that each sees what the ones before it wrote. A controller whose connection was lost, or that says that it is
 * shutting down, becomes the last choice.
 */
export class LdapSession {
  readonly #connection: DirectoryConnection;
  /** In order of preference; known after the first attempt to connect. */
  #controllers: string[] | undefined;
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
      this.#controllers ??= await domainControllersOf(this.#connection);
      this.#current = await connectAndBind(this.#connection, this.#controllers, this.#connectOptions());
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
          if (error.code === LDAP_RESULT.unavailable) await this.#leave(client, controller);
          await delay(BUSY_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal: options.signal });
        } else if (client.isConnected) {
          throw error;
        } else {
          await this.#leave(client, controller);
          if (!options.repeatable || attempt > LOST_ATTEMPTS) throw lost(options.doing, controller, error);
        }
      }
    }
  }

  /** From now on the controller is asked after all others. Another request may have left it already. */
  async #leave(client: Client, controller: string): Promise<void> {
    if (this.#current?.client !== client || this.#controllers?.length === 1) return;
    this.#current = undefined;
    this.#controllers = [...(this.#controllers ?? []).filter((url) => url !== controller), controller];
    await client.unbind();
  }

  /** See {@link Directory.logsOn}; asks the controller that the session is connected to. */
  async logsOn(user: string, password: string, signal: AbortSignal | undefined): Promise<boolean> {
    const { controller } = await this.bound(signal);
    const account = { ...this.#connection, bindUser: user, bindPassword: password };
    try {
      const { client } = await unlessAborted(connectAndBind(account, [controller], this.#connectOptions()), signal);
      await client.unbind();
      return true;
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      return !isWrongPassword(error);
    }
  }

  #connectOptions(): ConnectOptions {
    const secureContext = trustedContext(this.#connection.caCertificates);
    return { secureContext, lookup: lookupOf(this.#connection) };
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
    CONNECTION_LOST,
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
