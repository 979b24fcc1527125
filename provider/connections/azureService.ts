import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  type HttpMethods,
  type PipelineResponse,
  setClientRequestIdPolicy,
} from "@azure/core-rest-pipeline";
import type { AzureConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { explainLogin, openAzureCredential } from "./azureCredential.ts";
import { openHttp, unreachable } from "./http.ts";
import type { RetryRules } from "./httpRetry.ts";

export interface AzureServiceOptions extends RetryRules {
  /** The token is asked for this origin. */
  endpoint: URL;
  /** As messages call the service. */
  name: string;
  /** Code of the {@link UserError} for a service that does not answer. */
  unreachableCode: string;
}

/** What goes with one request. */
export interface AzureServiceRequest {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** One of Azure's services that speak JSON, with the connection's log-in. */
export interface AzureService {
  /** One request and its answer, whatever the status. */
  exchange(method: HttpMethods, url: URL, request?: AzureServiceRequest): Promise<PipelineResponse>;
  close(): void;
}

/** Opens the service. Nothing is sent before the first request, which also fetches the token. */
export async function openAzureService(
  connection: AzureConnection,
  { endpoint, name, unreachableCode, ...retries }: AzureServiceOptions,
): Promise<AzureService> {
  const credential = await openAzureCredential(connection);
  const http = openHttp({
    ...retries,
    caCertificates: connection.caCertificates,
    configure: (pipeline) => {
      pipeline.addPolicy(setClientRequestIdPolicy());
      pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: `${endpoint.origin}/.default` }), {
        phase: "Sign",
      });
    },
  });
  return {
    async exchange(method, url, { body, headers, signal } = {}) {
      const all = createHttpHeaders({ Accept: "application/json", ...headers });
      if (body !== undefined) all.set("Content-Type", "application/json");
      try {
        return await http.send({
          method,
          url: url.href,
          headers: all,
          body: body === undefined ? undefined : JSON.stringify(body),
          abortSignal: signal,
        });
      } catch (error) {
        signal?.throwIfAborted();
        const lost = unreachable(error, "azure.caCertificates");
        if (!lost) throw await explainLogin(error, connection);
        throw new UserError(unreachableCode, { what: `${name} at ${url.origin}`, ...lost }, { cause: error });
      }
    },
    close: () => http.close(),
  };
}

/** The answer's body. A gateway in between may answer in HTML: then there is none to read, and the status alone speaks. */
export function jsonOf({ bodyAsText }: PipelineResponse): unknown {
  if (!bodyAsText) return undefined;
  try {
    return JSON.parse(bodyAsText);
  } catch {
    return undefined;
  }
}
