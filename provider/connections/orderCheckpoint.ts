import { createHash, randomUUID } from "node:crypto";
import { constants, readFileSync } from "node:fs";
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../engine/userError.ts";
import type { ChallengeValues } from "./acmeOrder.ts";

/**
 * What of an order would be lost with this process. Most of it is secret, and the engine saves nothing of a resource that is not
 * finished: it lies in a file that only the user can read, beside Pulumi's own credentials, for as long as the order is open.
 */
export interface OrderRecord {
  /** Digest of what was asked for: another wish is another order. */
  wish: string;
  /** PEM of the account's key, when the kit made it. */
  accountKeyPem?: string;
  orderUrl?: string;
  /** PEM of the certificate's key. */
  privateKeyPem?: string;
  /** TXT values that were published, at the names where they really lie. */
  challenges?: ChallengeValues[];
  /** The certificate was handed to the engine; whether the engine saved it, the next operation sees. */
  isFinished?: boolean;
}

interface StoredRecord extends OrderRecord {
  writer: Writer;
}

/** The process that wrote a record. */
interface Writer {
  processId: number;
  /** Where the system tells it: what distinguishes a process from a later one with the same number. */
  started?: string;
}

/** The record of one resource's order. Writes follow each other; after each the file is whole. */
export interface OrderCheckpoint {
  /** What an earlier process left; `undefined` when it left nothing, or something that is too old. */
  readonly left: OrderRecord | undefined;
  save(change: Partial<OrderRecord>): Promise<void>;
  remove(): Promise<void>;
}

/** An authority forgets an order after some days; Let's Encrypt after seven, which is also the period of its duplicate limit. */
const LONGEST_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** A provider whose engine was killed ends within a few seconds, and cleans up meanwhile. */
const PATIENCE_MS = 6_000;

/** `mfakit/orders` in Pulumi's own folder (`PULUMI_HOME`, by default `~/.pulumi`), where this machine's Pulumi secrets are kept. */
export function orderFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.PULUMI_HOME || join(homedir(), ".pulumi"), "mfakit", "orders");
}

/** The records of the orders of this process. */
export class OrderCheckpoints {
  readonly #folder: string;
  readonly #finished = new Map<string, FileCheckpoint>();
  #prepared: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Opens the record of a resource at one authority. A record whose writer still runs is waited for, for a short while: it may be an
   * orphan that is about to end. `key`: what tells the resource from every other, for example its URN and the directory's URL.
   */
  async open(key: readonly string[], wish: string): Promise<OrderCheckpoint> {
    this.#prepared ??= prepare(this.#folder).catch((error) => Promise.reject(unwritable(this.#folder, error)));
    await this.#prepared;
    const file = this.#file(key);
    let left = await read(file);
    for (let waited = 0; left && isAnotherAlive(left.writer) && waited < PATIENCE_MS; waited += 100) {
      await sleep(100);
      left = await read(file);
    }
    // Two that work on one order would take the challenges from under each other; and what this process did, the engine knows.
    if (left && (left.writer.processId === process.pid || isAnotherAlive(left.writer))) left = undefined;
    // Of another wish only what is to be cleaned up and who ordered is of use.
    const kept = left?.wish === wish ? left : { accountKeyPem: left?.accountKeyPem, challenges: left?.challenges };
    return new FileCheckpoint(file, { ...kept, wish }, left, (checkpoint) => this.#finished.set(file, checkpoint));
  }

  /** Forgets a record whose certificate the engine has saved; `isSaved` gets what was recorded. Costs one look when there is none. */
  async settle(key: readonly string[], isSaved: (record: OrderRecord) => boolean): Promise<void> {
    const file = this.#file(key);
    const record = await read(file);
    if (record && !isAnotherAlive(record.writer) && isSaved(record)) await rm(file, { force: true });
  }

  /** An engine that is alive ends its providers when it has saved everything: nobody needs the finished records any more. */
  async close(engineIsAlive: boolean): Promise<void> {
    if (!engineIsAlive) return;
    await Promise.all([...this.#finished.values()].map((checkpoint) => checkpoint.remove()));
  }

  #file(key: readonly string[]): string {
    const name = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 32);
    return join(this.#folder, `${name}.json`);
  }
}

class FileCheckpoint implements OrderCheckpoint {
  readonly left: OrderRecord | undefined;
  readonly #file: string;
  readonly #finished: (checkpoint: FileCheckpoint) => void;
  #record: OrderRecord;
  #last: Promise<void> = Promise.resolve();

  constructor(
    file: string,
    record: OrderRecord,
    left: OrderRecord | undefined,
    finished: (checkpoint: FileCheckpoint) => void,
  ) {
    this.#file = file;
    this.#record = record;
    this.left = left;
    this.#finished = finished;
  }

  save(change: Partial<OrderRecord>): Promise<void> {
    this.#record = { ...this.#record, ...change };
    if (change.isFinished) this.#finished(this);
    const text = JSON.stringify({ ...this.#record, writer: writerOf(process.pid) } satisfies StoredRecord);
    return this.#after(() => write(this.#file, text).catch((error) => Promise.reject(unwritable(this.#file, error))));
  }

  remove(): Promise<void> {
    return this.#after(() => rm(this.#file, { force: true }));
  }

  #after(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

/** Makes the folder, for the user alone, and removes what is too old to be of use. */
async function prepare(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const age = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > LONGEST_AGE_MS) await rm(file, { force: true });
  }
}

/** A record that cannot be read is of no use, and the next write replaces it. */
async function read(file: string): Promise<StoredRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(file, "utf8")) as StoredRecord;
    return typeof record.wish === "string" && typeof record.writer?.processId === "number" ? record : undefined;
  } catch {
    return undefined;
  }
}

function unwritable(path: string, cause: Error): UserError {
  return new UserError(
    "ORDER_RECORD_UNWRITABLE",
    {
      what: `The record of the open order at ${path}`,
      why: `it cannot be written (${cause.message}), and a crash would lose the order's key`,
      next: "Let this user write to Pulumi's folder, or name another one in PULUMI_HOME.",
    },
    { cause },
  );
}

/** Whole or not at all, also when the power fails. */
async function write(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  const handle = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

function writerOf(processId: number): Writer {
  try {
    // Field 22 of /proc/<pid>/stat; the second field, a name in brackets, may hold blanks (proc(5)).
    const fields = readFileSync(`/proc/${processId}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { processId, started: fields[19] };
  } catch {
    return { processId };
  }
}

function isAnotherAlive({ processId, started }: Writer): boolean {
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return started === writerOf(processId).started;
}
