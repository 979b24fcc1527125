import type { AzureConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { jsonOf, openAzureService } from "./azureService.ts";
import { type GraphRead, PARTS_PER_BATCH, readBatch } from "./graphBatch.ts";
import { GraphError, type GraphErrorBody } from "./graphError.ts";

export { GraphError, isPermissionMissing } from "./graphError.ts";

export interface GraphReadOptions {
  /** Application permissions of which any one allows the read, the narrowest first; named when Graph refuses it. */
  permissions: readonly string[];
  signal?: AbortSignal;
  /** Told how many of the reads are answered. */
  progress?(answered: number): void;
}

/**
 * Microsoft Graph, read only: nothing that the client sends changes the tenant, so everything may be sent twice. Throttling, server
 * errors and broken connections are retried. Errors are {@link GraphError} with Graph's code.
 */
export interface GraphClient {
  /** All pages of a collection. */
  list<T>(read: GraphRead, options: GraphReadOptions): Promise<T[]>;
  /** All pages of many collections, twenty reads in one request; the answers are in the order of the reads. */
  listMany<T>(reads: readonly GraphRead[], options: GraphReadOptions): Promise<T[][]>;
  close(): void;
}

/** Microsoft Graph of the global cloud. */
export const GLOBAL_GRAPH = "https://graph.microsoft.com";
const VERSION = "/v1.0";

interface Page<T> {
  value?: T[];
  "@odata.nextLink"?: string;
}

/** Opens the client. Nothing is sent before the first read, which also fetches the token. */
export async function openGraph(connection: AzureConnection): Promise<GraphClient> {
  const endpoint = new URL(connection.graphEndpoint ?? GLOBAL_GRAPH);
  const root = `${endpoint.href.replace(/\/+$/, "")}${VERSION}`;
  const service = await openAzureService(connection, {
    endpoint,
    name: "Microsoft Graph",
    unreachableCode: "GRAPH_UNREACHABLE",
    repeatsAnyMethod: true,
  });

  /** The items of a page and of all that follow it. */
  const pagesFrom = async <T>(first: Page<T>, read: GraphRead, options: GraphReadOptions): Promise<T[]> => {
    const items = [...(first.value ?? [])];
    for (let next = first["@odata.nextLink"]; next; ) {
      const answer = await service.exchange("GET", ownUrl(endpoint, next), {
        headers: read.headers,
        signal: options.signal,
      });
      const page = succeeded<Page<T>>(read, answer.status, jsonOf(answer), options);
      items.push(...(page.value ?? []));
      next = page["@odata.nextLink"];
    }
    return items;
  };

  return {
    async list<T>(read: GraphRead, options: GraphReadOptions) {
      const url = new URL(`${root}${read.path}`);
      for (const [name, value] of Object.entries(read.query ?? {})) url.searchParams.set(name, value);
      const answer = await service.exchange("GET", url, { headers: read.headers, signal: options.signal });
      return pagesFrom<T>(succeeded(read, answer.status, jsonOf(answer), options), read, options);
    },
    async listMany<T>(reads: readonly GraphRead[], options: GraphReadOptions) {
      const lists: T[][] = [];
      const post = async (body: object) => {
        const answer = await service.exchange("POST", new URL(`${root}/$batch`), { body, signal: options.signal });
        return succeeded({ path: "/$batch" }, answer.status, jsonOf(answer), options);
      };
      for (let start = 0; start < reads.length; start += PARTS_PER_BATCH) {
        const batch = reads.slice(start, start + PARTS_PER_BATCH);
        const answers = await readBatch(batch, post, options.signal);
        for (const [index, { status, body }] of answers.entries()) {
          const read = batch[index] as GraphRead;
          lists.push(await pagesFrom<T>(succeeded(read, status, body, options), read, options));
        }
        options.progress?.(lists.length);
      }
      return lists;
    },
    close: () => service.close(),
  };
}

/** A link that Graph gave. The token goes to Graph alone. */
function ownUrl(endpoint: URL, link: string): URL {
  const url = new URL(link, endpoint);
  if (url.origin === endpoint.origin) return url;
  throw new UserError("GRAPH_FOREIGN_LINK", {
    what: `Microsoft Graph at ${endpoint.origin}`,
    why: `an answer points to ${url.origin}, where the access token must not be sent`,
    next: "Check entra.graphEndpoint, and any proxy that rewrites links.",
  });
}

function succeeded<T extends object>(
  read: GraphRead,
  status: number,
  body: unknown,
  { permissions }: GraphReadOptions,
): T {
  if (status >= 200 && status < 300) return (body ?? {}) as T;
  throw new GraphError(`Reading ${read.path}`, status, body as GraphErrorBody | undefined, permissions);
}
