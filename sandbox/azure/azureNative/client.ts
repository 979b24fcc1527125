import type { Arm } from "../arm/arm.ts";
import { asText, type Json, type JsonObject, valueAt } from "../arm/json.ts";
import { type ArmResponse, DroppedResponse } from "../arm/messages.ts";

/** An answer of ARM that is no success, or an operation that failed. */
export class RequestFailed extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(`Status=${status} Code="${code}" Message="${message}"`);
    this.name = "RequestFailed";
    this.status = status;
    this.code = code;
  }
}

/** Attempts after the first one, as the provider's HTTP client makes them. */
const retries = 3;
/** Waits between attempts in milliseconds, where ARM does not say; the real ones are 20, 60 and 120 seconds. */
const waits = [20, 60, 120];

/** How azure-native talks to ARM: retries, polls, and tells a failed operation from a refused request. */
export class ArmClient {
  readonly #arm: Arm;

  constructor(arm: Arm) {
    this.#arm = arm;
  }

  /** The body, or `undefined` when there is no such resource. */
  async get(id: string, apiVersion: string, signal: AbortSignal): Promise<JsonObject | undefined> {
    const response = await this.#send("GET", id, apiVersion, undefined, signal);
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw failure(response);
    return response.body as JsonObject;
  }

  /** Resolves when ARM has accepted the request; `finished` settles when the operation is over. */
  async put(id: string, apiVersion: string, body: Json, signal: AbortSignal): Promise<{ finished: Promise<void> }> {
    const response = await this.#send("PUT", id, apiVersion, body, signal);
    if (response.status >= 300) throw failure(response);
    const finished = this.#poll(response, signal);
    // Whoever forgets to wait must not end the process.
    finished.catch(() => undefined);
    return { finished };
  }

  /** Deleting what is not there succeeds. */
  async delete(id: string, apiVersion: string, signal: AbortSignal): Promise<void> {
    const response = await this.#send("DELETE", id, apiVersion, undefined, signal);
    if (response.status === 404) return;
    if (response.status >= 300) throw failure(response);
    await this.#poll(response, signal);
  }

  async #poll(response: ArmResponse, signal: AbortSignal): Promise<void> {
    const url = response.headers["azure-asyncoperation"];
    if (url === undefined) return;
    const path = new URL(url).pathname;
    for (;;) {
      signal.throwIfAborted();
      const answer = await this.#send("GET", decodeURIComponent(path), "", undefined, signal);
      if (answer.status !== 200) throw failure(answer);
      const status = asText(valueAt(answer.body, "status"));
      if (status === "Succeeded") return;
      if (status === "Failed" || status === "Canceled") throw failure(answer);
    }
  }

  async #send(
    method: string,
    path: string,
    apiVersion: string,
    body: Json | undefined,
    signal: AbortSignal,
  ): Promise<ArmResponse> {
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const response = await this.#once(method, path, apiVersion, body);
      if (attempt >= retries || !isWorthRetrying(response)) {
        if (response === undefined)
          throw new Error(`${method} ${path}: the connection was closed before the response arrived`);
        return response;
      }
      await wait(response, attempt, signal);
    }
  }

  /** `undefined`: the connection broke. */
  async #once(
    method: string,
    path: string,
    apiVersion: string,
    body: Json | undefined,
  ): Promise<ArmResponse | undefined> {
    try {
      return await this.#arm.handle({
        method,
        path,
        query: new URLSearchParams({ "api-version": apiVersion }),
        headers: {},
        ...(body === undefined ? {} : { body: structuredClone(body) }),
        origin: "https://management.azure.com",
      });
    } catch (error) {
      if (error instanceof DroppedResponse) return undefined;
      throw error;
    }
  }
}

function isWorthRetrying(response: ArmResponse | undefined): boolean {
  if (response === undefined) return true;
  if ([408, 429, 500, 502, 503, 504].includes(response.status)) return true;
  return response.status === 409 && valueAt(response.body, "error.code") === "AnotherOperationInProgress";
}

async function wait(response: ArmResponse | undefined, attempt: number, signal: AbortSignal): Promise<void> {
  const asked = response?.headers["retry-after-ms"] ?? scaled(response?.headers["retry-after"], 1000);
  const milliseconds = Number(asked ?? waits[attempt] ?? 120);
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

const scaled = (value: string | undefined, factor: number) =>
  value === undefined ? undefined : String(Number(value) * factor);

function failure(response: ArmResponse): RequestFailed {
  const code = asText(valueAt(response.body, "error.code")) ?? "UnknownError";
  const message = asText(valueAt(response.body, "error.message")) ?? "the answer has no error body";
  return new RequestFailed(response.status, code, message);
}
