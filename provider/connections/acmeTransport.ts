import { AsyncLocalStorage } from "node:async_hooks";
import { createHttpHeaders, type HttpMethods } from "@azure/core-rest-pipeline";
import type { axios } from "acme-client";
import { type AcmeProblem, problemOf } from "./acmeProblem.ts";
import type { Http } from "./http.ts";
import { retryAfterMs } from "./httpRetry.ts";

/**
 * The calls of acme-client over the kit's own HTTPS. acme-client has one global HTTP instance; what differs between calls (trust,
 * cancelling, the last answer) travels in an asynchronous context instead, so that several directories can be used at once.
 */
interface Exchange {
  http: Http;
  nonces: Nonces;
  signal?: AbortSignal;
  /** The last answer's problem document, which acme-client reduces to its text. */
  problem?: AcmeProblem;
  /** What the last answer asked to wait before the next question, in milliseconds. */
  retryAfterMs?: number;
}

const exchanges = new AsyncLocalStorage<Exchange>();

/**
 * Nonces of earlier answers, each good for one request (RFC 8555, 6.5). acme-client asks for a new one before each request, which
 * would double their number. Authorities forget nonces after a while: old ones are not used.
 */
export class Nonces {
  #kept: { nonce: string; since: number }[] = [];

  keep(nonce: string): void {
    this.#kept.push({ nonce, since: performance.now() });
    if (this.#kept.length > MOST_NONCES) this.#kept.shift();
  }

  take(): string | undefined {
    const newest = this.#kept.pop();
    if (newest !== undefined && performance.now() - newest.since < NONCE_LIFE_MS) return newest.nonce;
    this.#kept = [];
    return undefined;
  }
}

const MOST_NONCES = 100;
const NONCE_LIFE_MS = 60_000;

/** How one call went, beside its result. */
export interface AcmeCall<T> {
  result: T;
  retryAfterMs: number | undefined;
}

/** Thrown for a refusal that the authority explained. */
export class AcmeRefusal extends Error {
  readonly problem: AcmeProblem;
  constructor(problem: AcmeProblem, options?: ErrorOptions) {
    super(problem.detail, options);
    this.name = "AcmeRefusal";
    this.problem = problem;
  }
}

/** One authority, as all calls to it share it. */
export interface AcmePeer {
  http: Http;
  nonces: Nonces;
}

/** Runs one call of acme-client. Throws {@link AcmeRefusal} when the authority refused. */
export async function acmeCall<T>(
  { http, nonces }: AcmePeer,
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<AcmeCall<T>> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const exchange: Exchange = { http, nonces, signal };
    try {
      const result = await exchanges.run(exchange, run);
      return { result, retryAfterMs: exchange.retryAfterMs };
    } catch (error) {
      if (!exchange.problem) throw error;
      // acme-client itself tries five times: an authority that refuses many good nonces needs a few more (RFC 8555, 6.5).
      if (exchange.problem.kind === "badNonce" && attempt < NONCE_ATTEMPTS) continue;
      throw new AcmeRefusal(exchange.problem, { cause: error });
    }
  }
}

const NONCE_ATTEMPTS = 10;

type AxiosInstance = typeof axios;
type InterceptorArguments = Parameters<AxiosInstance["interceptors"]["request"]["use"]>;
type AxiosConfig = Parameters<NonNullable<InterceptorArguments[0]>>[0];
type AxiosAnswer = Awaited<ReturnType<Extract<NonNullable<AxiosConfig["adapter"]>, (config: never) => unknown>>>;

let installed: Promise<typeof import("acme-client")> | undefined;

/** Loads acme-client, once, with this transport under it. */
export function loadAcmeClient(): Promise<typeof import("acme-client")> {
  installed ??= import("acme-client").then((library) => {
    library.axios.interceptors.request.use((config) => {
      const exchange = exchanges.getStore();
      return exchange ? { ...config, adapter: (request) => send(exchange, request) } : config;
    });
    return library;
  });
  return installed;
}

async function send(exchange: Exchange, config: AxiosConfig): Promise<AxiosAnswer> {
  // acme-client's only HEAD request is the one for a nonce.
  const isForNonce = config.method?.toUpperCase() === "HEAD";
  const kept = isForNonce ? exchange.nonces.take() : undefined;
  if (kept !== undefined) return { data: "", status: 200, statusText: "", headers: { "replay-nonce": kept }, config };
  const headers = createHttpHeaders();
  for (const [name, value] of Object.entries(config.headers.toJSON())) {
    if (value !== null && value !== undefined) headers.set(name, String(value));
  }
  const response = await exchange.http.send({
    method: (config.method ?? "get").toUpperCase() as HttpMethods,
    url: config.url ?? "",
    headers,
    body: config.data as string | undefined,
    abortSignal: exchange.signal,
  });
  const text = response.bodyAsText ?? "";
  const wait = retryAfterMs(response.headers.get("retry-after"), new Date());
  exchange.problem = response.status >= 400 ? problemOf(response.status, text, wait) : undefined;
  exchange.retryAfterMs = wait;
  const nonce = response.headers.get("replay-nonce");
  // After badNonce acme-client itself goes on with the nonce of the refusal.
  if (nonce && !isForNonce && exchange.problem?.kind !== "badNonce") exchange.nonces.keep(nonce);
  return { data: text, status: response.status, statusText: "", headers: response.headers.toJSON(), config };
}
