import {
  Attribute,
  Change,
  type Client,
  type Control,
  type Filter,
  type SearchOptions,
  type SearchResult,
} from "ldapts";
import type { DirectoryConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { accessListOnly } from "./ldapControls.ts";
import { DirectoryEntry } from "./ldapEntry.ts";
import { DirectoryError, LDAP_RESULT } from "./ldapErrors.ts";
import { nextRange, rangedValues, rangeFrom } from "./ldapRange.ts";
import { LdapSession } from "./ldapSession.ts";

/** Attributes of a new object; a Buffer is sent as it is. `undefined` leaves the attribute out. */
export type AttributeValues = Record<string, string | readonly string[] | Buffer | undefined>;

/** One change of an attribute. `replace` without values removes the attribute. */
export interface Modification {
  change: "add" | "delete" | "replace";
  attribute: string;
  values: readonly string[] | readonly Buffer[];
}

export interface SearchQuery {
  /** Default: the whole domain. */
  base?: string;
  /** Default `sub`. */
  scope?: "one" | "sub";
  /** Built from ldapts's filter classes, which need no escaping. */
  filter: Filter;
  attributes: readonly string[];
  /** Stop after the first page. Entries of a page; default: all pages of 500 (controllers give at most 1000 at a time). */
  atMost?: number;
}

const PAGE_SIZE = 500;
/** The controller's own limit holds (MaxQueryDuration, 120 s); the library would ask it to give up after ten seconds. */
const NO_TIME_LIMIT = 0;
const ACCESS_LIST = "nTSecurityDescriptor";
/** Attributes of the kit's queries whose values are bytes and no text. */
const BINARY_ATTRIBUTES = ["objectGUID", "objectSid", ACCESS_LIST];

/** An Active Directory domain over LDAPS; all resources of one Pulumi operation share its one connection. */
export class Directory {
  /** DNS name of the domain. */
  readonly domain: string;
  readonly netbiosName: string;
  /** For example `DC=corp,DC=contoso,DC=com`. */
  readonly baseDn: string;
  readonly #session: LdapSession;
  readonly #signal: AbortSignal | undefined;

  constructor(
    connection: Pick<DirectoryConnection, "domain" | "netbiosName">,
    baseDn: string,
    session: LdapSession,
    signal?: AbortSignal,
  ) {
    this.domain = connection.domain;
    this.netbiosName = connection.netbiosName;
    this.baseDn = baseDn;
    this.#session = session;
    this.#signal = signal;
  }

  /** The same connection, seen by a caller that stops waiting when `signal` is aborted. */
  withSignal(signal: AbortSignal): Directory {
    return new Directory(this, this.baseDn, this.#session, signal);
  }

  /** One object by distinguished name or `<GUID=...>`; `undefined` when there is none (that the account may see). */
  async read(name: string, attributes: readonly string[]): Promise<DirectoryEntry | undefined> {
    try {
      const found = await this.#search(name, { scope: "base", attributes: [...attributes] }, `reading ${name}`);
      return found[0];
    } catch (error) {
      if (error instanceof DirectoryError && error.resultCode === LDAP_RESULT.noSuchObject) return undefined;
      throw error;
    }
  }

  /** Every value of an attribute that may have thousands; controllers hand those out in ranges (MS-ADTS 3.1.1.3.1.3.3). */
  async values(name: string, attribute: string): Promise<string[]> {
    const values: string[] = [];
    for (let request: string | undefined = rangeFrom(attribute, 0); request !== undefined; ) {
      const entry = await this.read(name, [request]);
      if (entry === undefined) return values;
      values.push(...rangedValues(entry, attribute));
      request = nextRange(entry, attribute);
    }
    return values;
  }

  /** All matching objects, page by page. */
  async search(query: SearchQuery): Promise<DirectoryEntry[]> {
    const base = query.base ?? this.baseDn;
    const options: SearchOptions = {
      scope: query.scope ?? "sub",
      filter: query.filter,
      attributes: [...query.attributes],
      ...(query.atMost === undefined ? { paged: { pageSize: PAGE_SIZE } } : { sizeLimit: query.atMost }),
    };
    return this.#search(base, options, `searching ${base}`);
  }

  /** The security descriptor of an object with its access list alone; `undefined` when the account may not read it. */
  async readAccessList(name: string): Promise<Buffer | undefined> {
    const doing = `reading the access list of ${name}`;
    const [found] = await this.#search(name, { scope: "base", attributes: [ACCESS_LIST] }, doing, [accessListOnly]);
    return found?.bytes(ACCESS_LIST);
  }

  /** Replaces the access list of an object. */
  async writeAccessList(name: string, descriptor: Buffer): Promise<void> {
    const change = new Change({ operation: "replace", modification: asAttribute(ACCESS_LIST, descriptor) });
    const send = (client: Client) => client.modify(name, change, [accessListOnly]);
    await this.#write(`changing the access list of ${name}`, send, true);
  }

  async #search(
    base: string,
    options: SearchOptions,
    doing: string,
    controls: Control[] = [],
  ): Promise<DirectoryEntry[]> {
    const wanted = { ...options, timeLimit: NO_TIME_LIMIT, explicitBufferAttributes: BINARY_ATTRIBUTES };
    const request = { doing, repeatable: true, signal: this.#signal };
    return this.#session.request(
      async (client) =>
        options.paged ? allPages(client, base, wanted) : entriesOf(await client.search(base, wanted, controls)),
      request,
    );
  }

  async add(name: string, attributes: AttributeValues): Promise<void> {
    const list = Object.entries(attributes).flatMap(([type, value]) =>
      value === undefined ? [] : [asAttribute(type, value)],
    );
    await this.#write(`creating ${name}`, (client) => client.add(name, list));
  }

  /** All changes or none. No request without changes. */
  async modify(name: string, modifications: readonly Modification[]): Promise<void> {
    if (modifications.length === 0) return;
    const changes = modifications.map(
      ({ change, attribute, values }) =>
        new Change({ operation: change, modification: asAttribute(attribute, values) }),
    );
    const repeatable = modifications.every(({ change }) => change === "replace");
    await this.#write(`changing ${name}`, (client) => client.modify(name, changes), repeatable);
  }

  /** Renames, moves, or both. `newName` is a whole distinguished name whose special characters are escaped as hexadecimal pairs. */
  async move(name: string, newName: string): Promise<void> {
    await this.#write(`moving ${name} to ${newName}`, (client) => client.modifyDN(name, newName));
  }

  async remove(name: string): Promise<void> {
    await this.#write(`deleting ${name}`, (client) => client.del(name));
  }

  async #write(doing: string, send: (client: Client) => Promise<void>, repeatable = false): Promise<void> {
    await this.#session.request(send, { doing, repeatable, signal: this.#signal });
  }

  /**
   * Whether this name and password log on, by one bind on a connection of its own. A bind that is refused for another reason than
   * the password (disabled, expired, locked out) proves nothing and counts as `true`.
   */
  async logsOn(user: string, password: string): Promise<boolean> {
    return this.#session.logsOn(user, password, this.#signal);
  }

  /** Ends the shared connection. */
  async close(): Promise<void> {
    await this.#session.close();
  }
}

/**
 * Connects to the first usable domain controller and binds, once for everything that happens in this process.
 *
 * @throws UserError `DIRECTORY_UNREACHABLE`, `DIRECTORY_CERTIFICATE`, `DIRECTORY_BIND_REFUSED`, `DIRECTORY_OTHER_DOMAIN`,
 * `DIRECTORY_CONTROLLERS_NOT_FOUND`.
 */
export async function openDirectory(
  connection: DirectoryConnection,
  options: { signal?: AbortSignal } = {},
): Promise<Directory> {
  const session = new LdapSession(connection);
  const { baseDn, controller } = await session.bound(options.signal);
  const served = baseDn.replace(/DC=/gi, "").replaceAll(",", ".");
  if (served.toLowerCase() !== connection.domain.toLowerCase()) {
    await session.close();
    throw new UserError("DIRECTORY_OTHER_DOMAIN", {
      what: `${controller} is no domain controller of ${connection.domain}`,
      why: `it serves the domain ${served}`,
      next: "Correct domain.name or directory.domainControllers",
    });
  }
  return new Directory(connection, baseDn, session);
}

/** Page by page, so that what the library makes of one page is gone before the next comes. */
async function allPages(client: Client, base: string, options: SearchOptions): Promise<DirectoryEntry[]> {
  const found: DirectoryEntry[] = [];
  for await (const page of client.searchPaginated(base, options)) found.push(...entriesOf(page));
  return found;
}

function entriesOf({ searchEntries }: SearchResult): DirectoryEntry[] {
  return searchEntries.map((entry) => new DirectoryEntry(entry));
}

function asAttribute(type: string, values: string | Buffer | readonly string[] | readonly Buffer[]): Attribute {
  return new Attribute({ type, values: [values].flat() as string[] | Buffer[] });
}
