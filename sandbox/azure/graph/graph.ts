import type { Counters } from "../arm/counters.ts";
import type { Faults } from "../arm/faults.ts";
import { asText, type JsonObject } from "../arm/json.ts";
import { DroppedResponse } from "../arm/messages.ts";
import type { Store } from "../arm/store.ts";
import { userFilter } from "./filter.ts";
import { subscribedSkus } from "./products.ts";
import { GraphRefusal } from "./refusal.ts";
import { DEFAULT_PROPERTIES, selected, USERS, userView } from "./users.ts";

/** A request to the simulated Graph, path below the version. */
export interface GraphRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | undefined>>;
  body?: unknown;
}

export interface GraphAnswer {
  status: number;
  headers: Record<string, string>;
  body?: object;
}

const PARTS_PER_BATCH = 20;
/** Graph may always answer with fewer than were asked for; so few that every client must follow the links. */
const PAGE_SIZE = 5;

const permissions: Readonly<Record<string, readonly string[]>> = {
  "/users": ["User.Read.All", "Directory.Read.All"],
  "/subscribedSkus": ["LicenseAssignment.Read.All", "Organization.Read.All", "Directory.Read.All"],
};

/** Microsoft Graph as far as the kit reads it: users with their licences, the tenant's products, JSON batching. */
export class Graph {
  /** Application permissions that an administrator has consented to. */
  appRoles: ReadonlySet<string>;
  readonly store: Store;
  readonly #faults: Faults;
  readonly #counters: Counters;

  constructor(
    { store, faults, counters }: { store: Store; faults: Faults; counters: Counters },
    appRoles: readonly string[],
  ) {
    this.store = store;
    this.#faults = faults;
    this.#counters = counters;
    this.appRoles = new Set(appRoles);
  }

  /** @param origin Of links to further pages. */
  async handle(request: GraphRequest, origin: string): Promise<GraphAnswer> {
    this.#counters.count(request.method, `Microsoft.Graph${request.path}`);
    const hits = this.#faults.take(request.method, `/v1.0${request.path}`);
    const { status, code, retryAfter } = hits.get("status") ?? {};
    try {
      if (status !== undefined) {
        const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
        throw new GraphRefusal(
          status,
          code ?? (status === 429 ? "TooManyRequests" : "generalException"),
          "A fault that a test asked for.",
          headers,
        );
      }
      const answer = await this.#answer(request, origin);
      if (hits.has("dropResponse")) throw new DroppedResponse();
      return answer;
    } catch (error) {
      if (!(error instanceof GraphRefusal)) throw error;
      return { status: error.status, headers: error.headers, body: error.toBody() };
    }
  }

  async #answer(request: GraphRequest, origin: string): Promise<GraphAnswer> {
    if (request.method === "POST" && request.path === "/$batch") return this.#batch(request, origin);
    const allowed = permissions[request.path];
    if (request.method !== "GET" || allowed === undefined) {
      throw new GraphRefusal(400, "BadRequest", `Resource not found for the segment '${request.path.split("/")[1]}'.`);
    }
    if (!allowed.some((role) => this.appRoles.has(role))) {
      throw new GraphRefusal(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }
    const body = request.path === "/users" ? this.#users(request, origin) : skus(request.query);
    return { status: 200, headers: {}, body };
  }

  #users({ query, headers }: GraphRequest, origin: string): object {
    refuseUnknown(query, ["$select", "$filter", "$count", "$top", "$skiptoken"]);
    const advanced = headers.consistencylevel === "eventual" && query.get("$count") === "true";
    const filter = query.get("$filter");
    const matches = filter === null ? () => true : userFilter(filter, advanced);
    const users = this.store.ofType(USERS).map(userView).filter(matches);
    const names = query.get("$select")?.split(",") ?? DEFAULT_PROPERTIES;
    const start = Number(query.get("$skiptoken") ?? 0);
    const value = users.slice(start, start + PAGE_SIZE).map((user) => {
      const shown = selected(user, names);
      if (shown === undefined)
        throw new GraphRefusal(
          400,
          "BadRequest",
          "Could not find a property named in $select on type 'microsoft.graph.user'.",
        );
      return shown;
    });
    if (start + PAGE_SIZE >= users.length) return { value };
    const next = new URLSearchParams(query);
    next.set("$skiptoken", String(start + PAGE_SIZE));
    return { value, "@odata.nextLink": `${origin}/v1.0/users?${next}` };
  }

  async #batch({ body }: GraphRequest, origin: string): Promise<GraphAnswer> {
    const requests = (body as { requests?: JsonObject[] } | undefined)?.requests ?? [];
    if (requests.length > PARTS_PER_BATCH) {
      throw new GraphRefusal(400, "BadRequest", "Number of batch request steps exceeds the maximum value of 20.");
    }
    const responses = await Promise.all(
      requests.map(async (part) => {
        const url = new URL(asText(part.url) ?? "", "https://batch.invalid");
        const headers = Object.entries((part.headers ?? {}) as Record<string, string>);
        const answer = await this.handle(
          {
            method: asText(part.method) ?? "GET",
            path: url.pathname,
            query: url.searchParams,
            headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
          },
          origin,
        );
        return { id: asText(part.id) ?? "", ...answer };
      }),
    );
    // Graph promises no order.
    return { status: 200, headers: {}, body: { responses: responses.reverse() } };
  }
}

function skus(query: URLSearchParams): object {
  refuseUnknown(query, ["$select"]);
  const names = query.get("$select")?.split(",");
  const value = subscribedSkus().map((sku) => {
    const entries = Object.entries(sku);
    return Object.fromEntries(names === undefined ? entries : entries.filter(([name]) => names.includes(name)));
  });
  return { value };
}

function refuseUnknown(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name))
      throw new GraphRefusal(400, "BadRequest", `The simulated Graph does not know the query option '${name}'.`);
  }
}
