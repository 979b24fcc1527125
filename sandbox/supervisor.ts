import { mkdir, rm } from "node:fs/promises";
import { UserError } from "../provider/engine/userError.ts";
import type { SandboxLayout } from "./layout.ts";
import type { RunningPart } from "./nodePart.ts";
import { type PartRecord, type SandboxRecord, writeRecord } from "./record.ts";

/** One part of the sandbox: what it needs first and how it starts. */
export interface PartDefinition {
  name: string;
  /** Names of parts that must be ready before this one starts. */
  needs: readonly string[];
  /**
   * Resolves when the part answers a real request of its protocol; leaves no process when it rejects.
   * @param portsBefore the ports of last time, to take again where they are free
   * @param signal aborted when the sandbox stops: a start that takes long may then give up
   */
  start(portsBefore: Readonly<Record<string, number>>, signal: AbortSignal): Promise<RunningPart>;
}

export interface SupervisorOptions {
  layout: SandboxLayout;
  network: string;
  /** The record of the run before: its ports are wanted again. */
  before?: SandboxRecord;
  /** Told of every change, to show progress. */
  listener: (name: string, part: PartRecord) => void;
}

/** Writes down what follows from the parts; called when all are ready, and again after a part was restarted. */
export type Finish = (record: SandboxRecord) => Promise<void>;

/** A part that ends by itself is started again, this many times within one run. */
const RESTARTS = 3;

/** Starts the parts side by side as far as their needs allow, keeps the record true, and stops them in the reverse order. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #record: SandboxRecord;
  readonly #running = new Map<string, RunningPart>();
  readonly #starting = new Set<Promise<void>>();
  readonly #restarts = new Map<string, number>();
  readonly #interrupt = new AbortController();
  #started: string[] = [];
  #written: Promise<void> = Promise.resolve();
  #finish: Finish | undefined;
  #finished: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#record = {
      version: 1,
      network: options.network,
      supervisorPid: process.pid,
      startedAt: new Date().toISOString(),
      parts: {},
    };
  }

  get record(): SandboxRecord {
    return this.#record;
  }

  /** @throws what the first failing part or `finish` threw, or UserError `SANDBOX_INTERRUPTED`; every part is stopped by then. */
  async start(parts: readonly PartDefinition[], finish: Finish = async () => undefined): Promise<void> {
    // All of them at once: a part that waits for another must not look as if it did not exist.
    for (const { name } of parts) this.#record.parts[name] = { state: "starting", pids: [], ports: this.#ports(name) };
    try {
      await mkdir(this.#options.layout.logs, { recursive: true });
      await this.#startAll(parts);
      this.#finish = finish;
      await this.#finishAgain();
      this.#refuseWhenStopping();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Also ends what is only just starting. The first call does the work, later ones wait for it. */
  stop(): Promise<void> {
    this.#interrupt.abort();
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #startAll(parts: readonly PartDefinition[]): Promise<void> {
    const starts = new Map<string, Promise<void>>();
    const begin = (part: PartDefinition): Promise<void> => {
      const known = starts.get(part.name);
      if (known !== undefined) return known;
      const needed = parts.filter((other) => part.needs.includes(other.name));
      const started = Promise.all(needed.map(begin)).then(() => this.#track(this.#startPart(part)));
      starts.set(part.name, started);
      return started;
    };
    const results = await Promise.allSettled(parts.map(begin));
    // When people stopped it, how the parts took that is not the cause.
    this.#refuseWhenStopping();
    const failure = results.find((result) => result.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  async #stop(): Promise<void> {
    // A process that is being made belongs to nobody until its start settles.
    await Promise.allSettled(this.#starting);
    for (const name of this.#started.toReversed()) {
      await this.#running
        .get(name)
        ?.stop()
        .catch(complain(`stopping ${name}`));
      this.#running.delete(name);
    }
    this.#started = [];
    for (const [name, { state, ports }] of Object.entries(this.#record.parts)) {
      if (state === "failed" || state === "stopped") continue;
      await this.#note(name, { state: "stopped", pids: [], ports }).catch(complain("writing the record"));
    }
    // Nothing is written after this: the folder may be removed now.
    await this.#finished.catch(() => undefined);
    await this.#written.catch(() => undefined);
    await rm(this.#options.layout.controlSocket, { force: true });
  }

  /** Remembers a start for as long as it lasts, so that `stop` can wait for it. */
  #track(start: Promise<void>): Promise<void> {
    const tracked = start.finally(() => this.#starting.delete(tracked));
    this.#starting.add(tracked);
    return tracked;
  }

  async #startPart(part: PartDefinition): Promise<void> {
    this.#refuseWhenStopping();
    const since = performance.now();
    const before = this.#ports(part.name);
    let running: RunningPart;
    try {
      await this.#note(part.name, { state: "starting", pids: [], ports: before });
      this.#refuseWhenStopping();
      running = await part.start(before, this.#interrupt.signal);
    } catch (error) {
      // How a part takes it that it was stopped is no failure of its own.
      const note: PartRecord = this.#interrupt.signal.aborted
        ? { state: "stopped", pids: [], ports: before }
        : { state: "failed", pids: [], ports: before, message: (error as Error).message };
      await this.#note(part.name, note).catch(complain("writing the record"));
      throw error;
    }
    if (this.#interrupt.signal.aborted) {
      await running.stop();
      this.#refuseWhenStopping();
    }
    // Before anything is awaited: from here on `stop` must know of it.
    this.#running.set(part.name, running);
    this.#started.push(part.name);
    const { pids, ports, note } = running;
    const readyAfter = Math.round(performance.now() - since);
    const noted = this.#note(part.name, {
      state: "ready",
      pids,
      ports,
      readyAfter,
      ...(note !== undefined && { message: note }),
    });
    running.ended
      .catch(() => undefined)
      .then(() => this.#partEnded(part, running))
      .catch(complain(`restarting ${part.name}`));
    await noted;
  }

  async #partEnded(part: PartDefinition, running: RunningPart): Promise<void> {
    if (this.#interrupt.signal.aborted || this.#running.get(part.name) !== running) return;
    this.#running.delete(part.name);
    this.#started = this.#started.filter((name) => name !== part.name);
    const restarts = (this.#restarts.get(part.name) ?? 0) + 1;
    this.#restarts.set(part.name, restarts);
    if (restarts > RESTARTS) {
      const message = `ended ${restarts} times; see ${this.#options.layout.log(part.name)}`;
      return this.#note(part.name, { state: "failed", pids: [], ports: running.ports, message });
    }
    // A failure is in the record and in the supervisor's log; the other parts go on.
    await this.#track(this.#startPart(part));
    await this.#finishAgain();
  }

  /** One after another, as with the record. Nothing before the first start is complete: it finishes by itself. */
  #finishAgain(): Promise<void> {
    const finish = this.#finish;
    if (finish === undefined) return Promise.resolve();
    this.#finished = this.#finished
      .catch(() => undefined)
      .then(async () => {
        if (this.#interrupt.signal.aborted) return;
        await finish(this.#record);
        this.#record.readyAt ??= new Date().toISOString();
        await this.#write();
      });
    return this.#finished;
  }

  #ports(name: string): Record<string, number> {
    return (this.#record.parts[name] ?? this.#options.before?.parts[name])?.ports ?? {};
  }

  #note(name: string, part: PartRecord): Promise<void> {
    this.#record.parts[name] = part;
    this.#options.listener(name, part);
    return this.#write();
  }

  /** One write after another: of two at once the older could land last. A failed one is its caller's and not the next one's. */
  #write(): Promise<void> {
    this.#written = this.#written.catch(() => undefined).then(() => writeRecord(this.#options.layout, this.#record));
    return this.#written;
  }

  #refuseWhenStopping(): void {
    if (!this.#interrupt.signal.aborted) return;
    throw new UserError("SANDBOX_INTERRUPTED", {
      what: "the sandbox was stopped before it was ready",
      why: "it was interrupted",
      next: "Run the command again.",
    });
  }
}

/** What nobody waits for goes to the supervisor's log. */
function complain(doing: string): (error: Error) => void {
  return (error) => void process.stderr.write(`${doing}: ${error.stack ?? error.message}\n`);
}
