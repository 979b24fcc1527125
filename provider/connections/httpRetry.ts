import type { PipelineResponse, RestError, RetryStrategy } from "@azure/core-rest-pipeline";

/** What may be sent again, and how patiently. */
export interface RetryRules {
  /** A server that asks for a longer wait than this gets none: the answer is handed to the caller. Seconds, default 60. */
  longestRetryAfter?: number;
  /** Answers that deserve another try although their status alone does not say so. */
  alsoRetry?(response: PipelineResponse): boolean;
  /** The peer itself sees to it that nothing happens twice: whatever the method, a broken connection is tried again. */
  repeatsAnyMethod?: boolean;
}

/** Connections that never came to be: the server saw nothing, and any request can be sent again. */
const NO_CONNECTION = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Connections that broke, perhaps after the server had begun: only what may happen twice is sent again. */
const BROKEN_CONNECTION = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "REQUEST_SEND_ERROR"]);

/** Methods that do the same when they are carried out twice (RFC 9110, 9.2.2); POST and PATCH are not among them. */
const REPEATABLE = new Set<string | undefined>(["GET", "HEAD", "PUT", "DELETE"]);

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 15_000;

/** Retries throttling (as long as the server asks), server errors and broken connections (exponential, with jitter). */
export function retryStrategy(rules: RetryRules): RetryStrategy {
  const longest = (rules.longestRetryAfter ?? 60) * 1000;
  return {
    name: "mfakit",
    retry({ response, responseError, retryCount }) {
      if (!response) {
        return mayRepeat(responseError, rules) ? later(backoff(retryCount)) : { skipStrategy: true };
      }
      if (!isTransient(response.status) && !rules.alsoRetry?.(response)) return { skipStrategy: true };
      const asked = retryAfterMs(response.headers.get("retry-after"), new Date());
      if (asked === undefined) return later(backoff(retryCount));
      return asked <= longest ? later(asked) : { skipStrategy: true };
    },
  };
}

function mayRepeat(error: RestError | undefined, rules: RetryRules): boolean {
  const code = error?.code ?? "";
  if (NO_CONNECTION.has(code)) return true;
  return BROKEN_CONNECTION.has(code) && (rules.repeatsAnyMethod === true || REPEATABLE.has(error?.request?.method));
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
