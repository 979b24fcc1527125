import { setTimeout as wait } from "node:timers/promises";
import type { GraphErrorBody } from "./graphError.ts";
import { retryAfterMs } from "./httpRetry.ts";

/** One read among many. */
export interface GraphRead {
  /** Below the version, for example `/users`. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
}

/** The answer to one part of a batch. */
export interface BatchAnswer {
  status: number;
  body: unknown;
}

/** Parts of one `$batch` request: Graph takes no more. */
export const PARTS_PER_BATCH = 20;

/** How often the parts that were refused for the moment are sent again. */
const MOST_ROUNDS = 6;
/** A service that asks for a longer wait is not waited for. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;

interface BatchResponse {
  responses?: { id?: string; status?: number; headers?: Record<string, string>; body?: unknown }[];
}

/**
 * Sends up to twenty reads in one request and answers in their order. Graph throttles the parts one by one, inside a batch that
 * itself succeeds: only those are sent again, once the longest wait that any of them asks for is over.
 */
export async function readBatch(
  reads: readonly GraphRead[],
  post: (body: object) => Promise<unknown>,
  signal?: AbortSignal,
): Promise<BatchAnswer[]> {
  const answers = new Map<number, BatchAnswer>();
  for (let round = 0; answers.size < reads.length; round += 1) {
    const open = reads.map((_, index) => index).filter((index) => !answers.has(index));
    const { responses = [] } = ((await post({ requests: open.map((index) => partOf(reads, index)) })) ??
      {}) as BatchResponse;
    let delay = 0;
    for (const index of open) {
      const response = responses.find(({ id }) => id === String(index));
      const answer = response === undefined ? lost : { status: response.status ?? 0, body: response.body };
      const asked = isTransient(answer.status) ? waitOf(response?.headers, round) : undefined;
      if (asked === undefined || asked > LONGEST_WAIT_MS || round === MOST_ROUNDS) answers.set(index, answer);
      else delay = Math.max(delay, asked);
    }
    if (answers.size < reads.length) await wait(delay, undefined, { signal });
  }
  return reads.map((_, index) => answers.get(index) ?? lost);
}

/** What stands for a part that the batch's answer leaves out. */
const lost: BatchAnswer = {
  status: 500,
  body: { error: { code: "PartMissing", message: "the answer to the batch leaves this part out" } } as GraphErrorBody,
};

function partOf(reads: readonly GraphRead[], index: number): object {
  const { path, query = {}, headers } = reads[index] as GraphRead;
  const text = new URLSearchParams(query).toString().replaceAll("+", "%20");
  return { id: String(index), method: "GET", url: text === "" ? path : `${path}?${text}`, ...(headers && { headers }) };
}

function isTransient(status: number): boolean {
  return status === 429 || status === 503 || status === 504 || status === 500 || status === 502;
}

function waitOf(headers: Record<string, string> | undefined, round: number): number {
  const header = Object.entries(headers ?? {}).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
  return retryAfterMs(header, new Date()) ?? FIRST_WAIT_MS * 2 ** round;
}
