import { createHttpPoller, type OperationResponse, type OperationState, type RawResponse } from "@azure/core-lro";
import { ArmError, type ArmErrorBody } from "./armError.ts";

/** An answer of Resource Manager, header names in lower case. */
export interface ArmAnswer {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** A request that was accepted and may go on in Azure. */
export interface StartedOperation {
  /** Names the request in errors. */
  what: string;
  first: ArmAnswer & { method: string; url: string };
  /** Asks again at a URL that Azure gave. */
  poll(location: string): Promise<ArmAnswer>;
  signal?: AbortSignal;
  progress?(message: string): void;
}

/**
 * Follows a long operation to its end, by `Azure-AsyncOperation`, `Location` or `provisioningState`, and returns the final body.
 * An answer that is already final returns at once.
 */
export async function finishOperation<T>(operation: StartedOperation): Promise<T | undefined> {
  const { first, what } = operation;
  const request = { method: first.method, url: first.url };
  const poller = createHttpPoller<T | undefined, OperationState<T | undefined>>(
    {
      sendInitialRequest: async () => response(first, request),
      sendPollRequest: async (location) => response(await operation.poll(location), request),
    },
    { resolveOnUnsuccessful: true, baseUrl: new URL(first.url).origin },
  );
  const startedAt = Date.now();
  poller.onProgress((state) => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    if (state.status === "running") operation.progress?.(`Azure is working on it (${seconds} s)`);
  });
  const result = await poller.pollUntilDone({ abortSignal: operation.signal });
  const state = poller.operationState;
  if (state && state.status !== "succeeded") {
    throw new ArmError(what, 0, failure(state, result));
  }
  return result;
}

function response<T>(answer: ArmAnswer, request: { method: string; url: string }): OperationResponse<T> {
  const rawResponse: RawResponse = { statusCode: answer.status, headers: answer.headers, body: answer.body, request };
  return { flatResponse: answer.body as T, rawResponse };
}

/** The cause lies in the state, in the operation's body, or nowhere (then the status is all there is). */
function failure(state: OperationState<unknown>, body: unknown): ArmErrorBody {
  const error = (body as ArmErrorBody | undefined)?.error;
  if (error?.code) return { error };
  const reason = state.error as (Error & { code?: string }) | undefined;
  return { error: { code: reason?.code ?? `Operation${capital(state.status)}`, message: reason?.message } };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
