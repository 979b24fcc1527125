import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Standard input, output and error of one program run in a session. */
export interface Session {
  /** The next line of standard input without its end; `undefined` at the end of input. */
  readLine(): Promise<string | undefined>;
  out(text: string): void;
  error(text: string): void;
  /** Aborted when the session has ended, however it did. */
  readonly ended: AbortSignal;
}

/** Reads lines one at a time; what has arrived and is not asked for yet waits. */
export function lineReader(input: Readable): () => Promise<string | undefined> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  return async () => {
    const next = await lines.next();
    return next.done ? undefined : next.value;
  };
}
