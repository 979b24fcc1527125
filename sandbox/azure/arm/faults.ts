import { z } from "zod";
import { ArmError, throttled } from "./errors.ts";

/** One fault, as a test switches it on with `POST /_sandbox/faults`. */
export const fault = z.strictObject({
  match: z.strictObject({
    /** HTTP method, or `DNS` for queries of the zone server. Default: any. */
    method: z.string().optional(),
    /** Regular expression on the path (for DNS: on `name TYPE`), without case. Default: any. */
    path: z.string().optional(),
  }),
  /**
   * `status`: answer with `status` instead of doing it. `dropResponse`: do it, then close the connection without an answer.
   * `delay`: wait `ms` before doing it. `slowOperation`: the long operation that the request starts takes `ms`.
   */
  action: z.enum(["status", "dropResponse", "delay", "slowOperation"]),
  /** HTTP status (default 500), or for DNS ignored (the answer is SERVFAIL). */
  status: z.int().min(400).max(599).optional(),
  /** Error code of the answer; default by status. */
  code: z.string().optional(),
  /** `Retry-After` of the answer, in seconds. Default 1 for 429 and 503. */
  retryAfter: z.int().min(0).optional(),
  /** How many requests it hits. Default 1; 0 is every request until it is cleared. */
  times: z.int().min(0).default(1),
  ms: z.int().min(0).optional(),
});

export const faults = z.array(fault);
export type Fault = z.infer<typeof fault>;

/** The faults that are switched on. */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];

  add(more: readonly Fault[]): void {
    this.#active.push(...more.map((f) => ({ fault: f, left: f.times === 0 ? Number.POSITIVE_INFINITY : f.times })));
  }

  clear(): void {
    this.#active = [];
  }

  list(): { fault: Fault; left: number | "always" }[] {
    return this.#active.map(({ fault: f, left }) => ({
      fault: f,
      left: left === Number.POSITIVE_INFINITY ? "always" : left,
    }));
  }

  /** The first fault of each action that hits this request; each is used up by one. */
  take(method: string, path: string): Map<Fault["action"], Fault> {
    const hits = new Map<Fault["action"], Fault>();
    for (const entry of this.#active) {
      const { match, action } = entry.fault;
      if (hits.has(action)) continue;
      if (match.method !== undefined && match.method.toUpperCase() !== method.toUpperCase()) continue;
      if (match.path !== undefined && !new RegExp(match.path, "i").test(path)) continue;
      hits.set(action, entry.fault);
      entry.left -= 1;
    }
    this.#active = this.#active.filter((entry) => entry.left > 0);
    return hits;
  }
}

/** What a `status` fault answers. */
export function refusalOf(fault: Fault): ArmError {
  const status = fault.status ?? 500;
  if (status === 429 && fault.code === undefined) return throttled(fault.retryAfter ?? 1);
  const codes: Record<number, string> = {
    403: "AuthorizationFailed",
    404: "ResourceNotFound",
    409: "AnotherOperationInProgress",
    412: "PreconditionFailed",
    429: "TooManyRequests",
    500: "InternalServerError",
    503: "ServiceUnavailable",
  };
  const wait = fault.retryAfter ?? (status === 503 ? 1 : undefined);
  return new ArmError(status, fault.code ?? codes[status] ?? "InjectedFault", "A fault that a test asked for.", {
    headers: wait === undefined ? {} : { "retry-after": String(wait) },
  });
}
