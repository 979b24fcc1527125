import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type SandboxLayout, sandboxLayout } from "../../../sandbox/layout.ts";
import { type RunningPart, startNodePart } from "../../../sandbox/nodePart.ts";
import type { PartRecord } from "../../../sandbox/record.ts";
import { type PartDefinition, Supervisor, type SupervisorOptions } from "../../../sandbox/supervisor.ts";

export function temporaryLayout(): SandboxLayout {
  const root = mkdtempSync(join(tmpdir(), "mfakit-supervisor-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return sandboxLayout(root);
}

/** A supervisor, and a way to wait for what it notes. */
export function watchedSupervisor(layout: SandboxLayout, options: Partial<SupervisorOptions> = {}) {
  const notes: [name: string, part: PartRecord][] = [];
  let look: () => void = () => undefined;
  const supervisor = new Supervisor({
    layout,
    network: "127.1.2",
    listener(name, part) {
      notes.push([name, part]);
      look();
    },
    ...options,
  });
  const noted = (name: string, state: PartRecord["state"], times = 1) =>
    new Promise<PartRecord>((resolve) => {
      look = () => {
        const found = notes.filter(([which, part]) => which === name && part.state === state);
        if (found.length >= times) resolve((found[times - 1] as [string, PartRecord])[1]);
      };
      look();
    });
  return { supervisor, notes, noted };
}

export interface FakePart extends PartDefinition {
  /** Lets the pending (or next) start become ready. */
  becomeReady(): void;
  /** Ends the running part as if it had died. */
  die(): void;
  portsBefore: Readonly<Record<string, number>>[];
  stops: number;
}

interface FakeOptions {
  needs?: string[];
  /** Of its first start, its second one and so on; the last ones stay. */
  ports?: Record<string, number>[];
  /** Starts do not become ready before `becomeReady`. */
  held?: boolean;
}

/** A part without a process. */
export function fakePart(name: string, options: FakeOptions = {}): FakePart {
  const { needs = [], ports = [{ main: 1 }], held = false } = options;
  const gate = Promise.withResolvers<void>();
  if (!held) gate.resolve();
  let ended = Promise.withResolvers<void>();
  const fake: FakePart = {
    name,
    needs,
    portsBefore: [],
    stops: 0,
    becomeReady: () => gate.resolve(),
    die: () => ended.resolve(),
    async start(before): Promise<RunningPart> {
      fake.portsBefore.push(before);
      await gate.promise;
      ended = Promise.withResolvers<void>();
      const mine = ended;
      const stop = async () => {
        fake.stops += 1;
        mine.resolve();
      };
      const given = ports[Math.min(fake.portsBefore.length, ports.length) - 1] as Record<string, number>;
      return { pids: [], ports: given, ended: mine.promise, stop };
    },
  };
  return fake;
}

/** A part that is a process of its own. */
export function processPart(layout: SandboxLayout, name: string, options: object = {}): PartDefinition {
  return {
    name,
    needs: [],
    start: (_before, signal) =>
      startNodePart({
        name,
        main: join(import.meta.dirname, "part.mjs"),
        options: { ...options, pidFile: pidFile(layout, name) },
        optionsFile: join(layout.root, `${name}.json`),
        logFile: layout.log(name),
        signal,
      }),
  };
}

/** Resolves with the part's pid once the part runs. */
export function pidOf(layout: SandboxLayout, name: string): Promise<number> {
  return new Promise((resolve) => {
    const look = () => {
      const text = existsSync(pidFile(layout, name)) ? readFileSync(pidFile(layout, name), "utf8") : "";
      if (text === "") return;
      watcher.close();
      resolve(Number(text));
    };
    const watcher = watch(layout.root, look);
    look();
  });
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pidFile(layout: SandboxLayout, name: string): string {
  return join(layout.root, `${name}.pid`);
}
