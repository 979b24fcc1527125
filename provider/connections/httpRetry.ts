import type { PipelineResponse, RetryStrategy } from "@azure/core-rest-pipeline";

/** What may be sent again, and how patiently. */
export interface RetryRules {
  /** A server that asks for a longer wait than this gets none: the answer is handed to the caller. Seconds, default 60. */
  longestRetryAfter?: number;
  /** Answers that deserve another try although their status alone does not say so. */
  alsoRetry?(response: PipelineResponse): boolean;
}

/** Connections that never came to be, or broke; the request can be sent again. */
const BROKEN_CONNECTION = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "REQUEST_SEND_ERROR",
]);

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;

/** Retries throttling (as long as the server asks), server errors and broken connections (exponential, with jitter). */
export function retryStrategy(rules: RetryRules): RetryStrategy {
  const longest = (rules.longestRetryAfter ?? 60) * 1000;
  return {
    name: "mfakit",
    retry({ response, responseError, retryCount }) {
      if (!response) {
        return BROKEN_CONNECTION.has(responseError?.code ?? "") ? later(backoff(retryCount)) : { skipStrategy: true };
      }
      if (!isTransient(response.status) && !rules.alsoRetry?.(response)) return { skipStrategy: true };
      const asked = retryAfterMs(response.headers.get("retry-after"), new Date());
      if (asked === undefined) return later(backoff(retryCount));
      return asked <= longest ? later(asked) : { skipStrategy: true };
    },
  };
}

/** The `Retry-After` header in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  if (!header) return undefined;
  const milliseconds = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Full jitter, so that parallel requests that failed together do not return together. */
function backoff(retryCount: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** retryCount);
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

function later(milliseconds: number): { retryAfterInMs: number } {
  return { retryAfterInMs: milliseconds };
}
