import { mkdir, rm } from "node:fs/promises";
import type { SandboxLayout } from "./layout.ts";
import type { RunningPart } from "./nodePart.ts";
import { type PartRecord, type SandboxRecord, writeRecord } from "./record.ts";

/** One part of the sandbox: what it needs first and how it starts. */
export interface PartDefinition {
  name: string;
  /** Names of parts that must be ready before this one starts. */
  needs: readonly string[];
  /** Resolves when the part answers a real request of its protocol. */
  start(): Promise<RunningPart>;
}

/** Told of every change, to show progress. */
export type PartListener = (name: string, part: PartRecord) => void;

/** A part that ends by itself is started again, this many times within one run. */
const RESTARTS = 3;

/** Starts the parts side by side as far as their needs allow, keeps the record true, and stops them in the reverse order. */
export class Supervisor {
  readonly #layout: SandboxLayout;
  readonly #record: SandboxRecord;
  readonly #listener: PartListener;
  readonly #running = new Map<string, RunningPart>();
  readonly #restarts = new Map<string, number>();
  #started: string[] = [];
  #written = Promise.resolve();
  #stopping = false;

  constructor(layout: SandboxLayout, network: string, listener: PartListener) {
    this.#layout = layout;
    this.#listener = listener;
    this.#record = {
      version: 1,
      network,
      supervisorPid: process.pid,
      startedAt: new Date().toISOString(),
      parts: {},
    };
  }

  get record(): SandboxRecord {
    return this.#record;
  }

  /** @throws what the first failing part threw; the other parts are stopped by then. */
  async start(parts: readonly PartDefinition[]): Promise<void> {
    await mkdir(this.#layout.logs, { recursive: true });
    const starts = new Map<string, Promise<void>>();
    const begin = (part: PartDefinition): Promise<void> => {
      const known = starts.get(part.name);
      if (known !== undefined) return known;
      const needed = parts.filter((other) => part.needs.includes(other.name));
      const started = Promise.all(needed.map(begin)).then(() => this.#startPart(part));
      starts.set(part.name, started);
      return started;
    };
    const results = await Promise.allSettled(parts.map(begin));
    const failure = results.find((result) => result.status === "rejected");
    if (failure !== undefined) {
      await this.stop();
      throw failure.reason;
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const name of this.#started.toReversed()) {
      const part = this.#running.get(name);
      if (part === undefined) continue;
      await part.stop();
      this.#running.delete(name);
      await this.#note(name, { state: "stopped", pids: [], ports: part.ports });
    }
    this.#started = [];
    await rm(this.#layout.controlSocket, { force: true });
  }

  async #startPart(part: PartDefinition): Promise<void> {
    if (this.#stopping) return;
    const since = performance.now();
    await this.#note(part.name, { state: "starting", pids: [], ports: {} });
    let running: RunningPart;
    try {
      running = await part.start();
    } catch (error) {
      await this.#note(part.name, { state: "failed", pids: [], ports: {}, message: (error as Error).message });
      throw error;
    }
    this.#running.set(part.name, running);
    this.#started.push(part.name);
    const { pids, ports } = running;
    await this.#note(part.name, { state: "ready", pids, ports, readyAfter: Math.round(performance.now() - since) });
    void running.ended.then(() => this.#partEnded(part, running));
  }

  async #partEnded(part: PartDefinition, running: RunningPart): Promise<void> {
    if (this.#stopping || this.#running.get(part.name) !== running) return;
    this.#running.delete(part.name);
    this.#started = this.#started.filter((name) => name !== part.name);
    const restarts = (this.#restarts.get(part.name) ?? 0) + 1;
    this.#restarts.set(part.name, restarts);
    if (restarts > RESTARTS) {
      const message = `ended ${restarts} times; see ${this.#layout.log(part.name)}`;
      await this.#note(part.name, { state: "failed", pids: [], ports: running.ports, message });
      return;
    }
    // The failure is in the record and in the part's log; the supervisor goes on with the other parts.
    await this.#startPart(part).catch(() => undefined);
  }

  async #note(name: string, part: PartRecord): Promise<void> {
    this.#record.parts[name] = part;
    this.#listener(name, part);
    // One after another: of two writes at once the older could land last.
    this.#written = this.#written.then(() => writeRecord(this.#layout, this.#record));
    await this.#written;
  }
}
