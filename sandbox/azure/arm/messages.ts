import { randomUUID } from "node:crypto";
import { type ArmError, badRequest } from "./errors.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Operation } from "./operations.ts";
import type { Located } from "./registry.ts";
import type { Preconditions } from "./surroundings.ts";

/** A request as it reaches ARM, whether over HTTPS or from the simulated azure-native provider. */
export interface ArmRequest {
  method: string;
  /** Path, percent-decoded, without the query. */
  path: string;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>;
  body?: Json;
  /** Where the client reached ARM: polling URLs begin with it. */
  origin: string;
}

export interface ArmResponse {
  status: number;
  headers: Record<string, string>;
  body?: Json;
}

/** The connection broke after the request was carried out: a fault that a test asked for. */
export class DroppedResponse extends Error {
  constructor() {
    super("the connection was closed before the response arrived");
    this.name = "DroppedResponse";
  }
}

export function preconditionsOf({ headers }: ArmRequest): Preconditions {
  return {
    ...(headers["if-match"] === undefined ? {} : { ifMatch: headers["if-match"] }),
    ...(headers["if-none-match"] === undefined ? {} : { ifNoneMatch: headers["if-none-match"] }),
  };
}

export function checkApiVersion({ type }: Located, query: URLSearchParams): void {
  const version = query.get("api-version");
  if (version === null || version === "") {
    throw badRequest(
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  const accepted = [type.apiVersion, ...type.otherApiVersions];
  if (!accepted.includes(version)) {
    throw badRequest(
      "NoRegisteredProviderFound",
      `No registered resource provider found for type '${type.type}' and API version '${version}'. The supported api-versions are '${accepted.join(", ")}'.`,
    );
  }
}

export function describeOperation(operation: Operation, path: string): JsonObject {
  return {
    id: path,
    name: operation.id,
    status: operation.status,
    startTime: operation.startTime,
    ...(operation.endTime === undefined ? {} : { endTime: operation.endTime }),
    ...(operation.error === undefined ? {} : (errorBody(operation.error) as JsonObject)),
  };
}

export const errorBody = (error: ArmError): Json => error.toBody() as unknown as Json;

/** Headers of every answer of ARM. */
export function withHeaders(response: ArmResponse): ArmResponse {
  const request = randomUUID();
  return {
    ...response,
    headers: { "x-ms-request-id": request, "x-ms-correlation-request-id": request, ...response.headers },
  };
}
