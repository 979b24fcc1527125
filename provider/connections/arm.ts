import type { HttpMethods, PipelineResponse } from "@azure/core-rest-pipeline";
import type { AzureConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { ArmError, type ArmErrorBody } from "./armError.ts";
import { finishOperation } from "./armOperation.ts";
import { jsonOf, openAzureService } from "./azureService.ts";

export { ArmError, isPreconditionFailed } from "./armError.ts";

/** Conditions and companions of one request. */
export interface ArmRequestOptions {
  /** Succeeds only while the object still has this ETag; otherwise an {@link ArmError} of status 412. */
  ifMatch?: string;
  /** `*`: succeeds only when the object does not exist yet. */
  ifNoneMatch?: "*";
  /** Further query parameters, for example `$expand`. */
  query?: Record<string, string>;
  signal?: AbortSignal;
  /** Told how a long operation goes on. */
  progress?(message: string): void;
}

/**
 * Azure Resource Manager by path and API version, in JSON. Throttling, server errors, broken connections and targets locked by
 * another operation are retried; long operations are followed to their end. Errors are {@link ArmError} with Azure's code.
 */
export interface ArmClient {
  readonly subscriptionId: string;
  /** `undefined` when the object does not exist. */
  get<T>(path: string, apiVersion: string, options?: ArmRequestOptions): Promise<T | undefined>;
  /** All pages of a collection. */
  list<T>(path: string, apiVersion: string, options?: ArmRequestOptions): Promise<T[]>;
  put<T>(path: string, apiVersion: string, body: unknown, options?: ArmRequestOptions): Promise<T>;
  patch<T>(path: string, apiVersion: string, body: unknown, options?: ArmRequestOptions): Promise<T>;
  /** An action, for example `<vm>/restart`. */
  post<T>(path: string, apiVersion: string, body?: unknown, options?: ArmRequestOptions): Promise<T>;
  /** Deleting what does not exist succeeds. */
  delete(path: string, apiVersion: string, options?: ArmRequestOptions): Promise<void>;
  close(): void;
}

/** Codes that mean "try again soon": another operation holds the target. */
const LOCKED = /"code"\s*:\s*"(AnotherOperationInProgress|RetryableErrorDueToAnotherOperation|RetryableError)"/;

/** Opens the client. Nothing is sent before the first request, which also fetches the token. */
export async function openArm(connection: AzureConnection): Promise<ArmClient> {
  const endpoint = new URL(connection.resourceManagerEndpoint);
  const service = await openAzureService(connection, {
    endpoint,
    name: "Azure Resource Manager",
    unreachableCode: "AZURE_UNREACHABLE",
    alsoRetry: (response) => response.status === 409 && LOCKED.test(response.bodyAsText ?? ""),
  });

  /** One request and its answer, whatever the status. */
  const exchange = (method: HttpMethods, url: URL, body: unknown, options: ArmRequestOptions) => {
    const headers = {
      ...(options.ifMatch !== undefined && { "If-Match": options.ifMatch }),
      ...(options.ifNoneMatch !== undefined && { "If-None-Match": options.ifNoneMatch }),
    };
    return service.exchange(method, url, { body, headers, signal: options.signal });
  };

  /** A request that must succeed, with a long operation followed to its end. */
  const request = async <T>(
    method: HttpMethods,
    path: string,
    apiVersion: string,
    body: unknown,
    options: ArmRequestOptions,
  ): Promise<T | undefined> => {
    const url = armUrl(endpoint, path, { "api-version": apiVersion, ...options.query });
    const what = `${method} ${path}`;
    const first = await exchange(method, url, body, options);
    if (first.status === 404 && (method === "GET" || method === "DELETE")) return undefined;
    if (method === "GET") return succeeded<T>(first, what);
    return finishOperation<T>({
      what,
      first: {
        method,
        url: url.href,
        status: first.status,
        headers: first.headers.toJSON(),
        body: succeeded(first, what),
      },
      poll: async (location) => {
        const answer = await exchange("GET", ownUrl(endpoint, location), undefined, { signal: options.signal });
        return { status: answer.status, headers: answer.headers.toJSON(), body: succeeded(answer, what) };
      },
      signal: options.signal,
      progress: options.progress,
    });
  };

  return {
    subscriptionId: connection.subscriptionId,
    get: (path, apiVersion, options = {}) => request("GET", path, apiVersion, undefined, options),
    list: async <T>(path: string, apiVersion: string, options: ArmRequestOptions = {}) => {
      const items: T[] = [];
      let next: URL | undefined = armUrl(endpoint, path, { "api-version": apiVersion, ...options.query });
      while (next) {
        const answer = await exchange("GET", next, undefined, options);
        const page = succeeded<{ value?: T[]; nextLink?: string }>(answer, `GET ${path}`);
        items.push(...(page?.value ?? []));
        next = page?.nextLink ? ownUrl(endpoint, page.nextLink) : undefined;
      }
      return items;
    },
    put: async <T>(path: string, apiVersion: string, body: unknown, options: ArmRequestOptions = {}) =>
      (await request<T>("PUT", path, apiVersion, body, options)) as T,
    patch: async <T>(path: string, apiVersion: string, body: unknown, options: ArmRequestOptions = {}) =>
      (await request<T>("PATCH", path, apiVersion, body, options)) as T,
    post: async <T>(path: string, apiVersion: string, body?: unknown, options: ArmRequestOptions = {}) =>
      (await request<T>("POST", path, apiVersion, body, options)) as T,
    delete: async (path, apiVersion, options = {}) => {
      await request("DELETE", path, apiVersion, undefined, options);
    },
    close: () => service.close(),
  };
}

function armUrl(endpoint: URL, path: string, query: Record<string, string>): URL {
  const url = new URL(endpoint.origin);
  url.pathname = `${endpoint.pathname.replace(/\/+$/, "")}${path}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** A link that Azure gave. The token goes only to Resource Manager itself and to its regional names. */
function ownUrl(endpoint: URL, link: string): URL {
  const url = new URL(link, endpoint);
  const isRegional = url.hostname.endsWith(`.${endpoint.hostname}`) && url.port === endpoint.port;
  // Another port of the same machine is another service.
  if (url.protocol === "https:" && (url.origin === endpoint.origin || isRegional)) return url;
  throw new UserError("AZURE_FOREIGN_LINK", {
    what: `Azure Resource Manager at ${endpoint.origin}`,
    why: `an answer points to ${url.origin}, where the access token must not be sent`,
    next: "Check azure.resourceManagerEndpoint, and any proxy that rewrites links.",
  });
}

function succeeded<T>(response: PipelineResponse, what: string): T | undefined {
  const body = jsonOf(response);
  if (response.status >= 200 && response.status < 300) return body as T | undefined;
  throw new ArmError(what, response.status, body as ArmErrorBody | undefined);
}
