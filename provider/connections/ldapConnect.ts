import type { LookupFunction } from "node:net";
import { connect as connectTls, type SecureContext } from "node:tls";
import { Client, ResultCodeError } from "ldapts";
import type { DirectoryConnection } from "../configuration.ts";
import { bindRefused, type FailedController, LDAP_RESULT, unreachable } from "./ldapErrors.ts";

/** A controller that does not accept a connection within this time is passed over. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Longer than the query limit of a domain controller (MaxQueryDuration, 120 s), which answers by itself. */
const OPERATION_TIMEOUT_MS = 130_000;

/** An authenticated connection to one controller, and what that controller says of itself. */
export interface Bound {
  client: Client;
  controller: string;
  /** defaultNamingContext, for example `DC=corp,DC=contoso,DC=com`. */
  baseDn: string;
}

/** How a connection is made, whichever controller it goes to. */
export interface ConnectOptions {
  secureContext: SecureContext;
  /** Finds the address of a controller's name. Default: the system's resolver. */
  lookup: LookupFunction | undefined;
}

/**
 * Connects to the first of the controllers that can be used, in this order, and binds once. A wrong password ends the search: trying
 * it on every controller would lock the account.
 */
export async function connectAndBind(
  connection: DirectoryConnection,
  controllers: readonly string[],
  options: ConnectOptions,
): Promise<Bound> {
  const failed: FailedController[] = [];
  for (const url of controllers) {
    const client = singleUseClient(url, options);
    try {
      // Reading the rootDSE needs no bind, and shows that the controller works before the password is sent.
      const baseDn = await defaultNamingContext(client);
      await client.bind(connection.bindUser, connection.bindPassword);
      return { client, controller: url, baseDn };
    } catch (error) {
      await client.unbind();
      if (error instanceof ResultCodeError && error.code === LDAP_RESULT.invalidCredentials) {
        throw bindRefused(error, url, connection.bindUser);
      }
      failed.push({ url, error: error as Error });
    }
  }
  throw unreachable(connection.domain, failed);
}

async function defaultNamingContext(client: Client): Promise<string> {
  const { searchEntries } = await client.search("", { scope: "base", attributes: ["defaultNamingContext"] });
  const context = searchEntries[0]?.defaultNamingContext;
  if (typeof context !== "string")
    throw new Error("it is no domain controller: its rootDSE has no defaultNamingContext");
  return context;
}

/**
 * The library connects again by itself when a connection was lost, but without a bind: the next request would be anonymous.
 * So each client may connect once.
 */
function singleUseClient(url: string, { secureContext, lookup }: ConnectOptions): Client {
  let used = false;
  const connectOnce = ((port: number, host: string, options: object) => {
    if (used) throw new Error(`the connection to ${url} was closed`);
    used = true;
    return connectTls(port, host, { ...options, ...(lookup !== undefined && { lookup }) });
  }) as typeof connectTls;
  return new Client({
    url,
    tlsOptions: { secureContext },
    createSecureConnection: connectOnce,
    connectTimeout: CONNECT_TIMEOUT_MS,
    timeout: OPERATION_TIMEOUT_MS,
  });
}
