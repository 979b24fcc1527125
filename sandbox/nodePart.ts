import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { UserError } from "../provider/engine/userError.ts";
import { writeFileAtomically } from "./atomicFile.ts";

/** A running part, whatever kind of process it is. */
export interface RunningPart {
  pids: number[];
  ports: Record<string, number>;
  /** How it runs, where there is more than one way. */
  note?: string;
  /** Settles when the part ends, wanted or not. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** How to start one of the sandbox's own programs: `main.ts <options.json>`. */
export interface NodePartOptions {
  name: string;
  /** Path of its main.ts. */
  main: string;
  /** Written to `optionsFile` with mode 0600: options may hold secrets, a command line never does. */
  options: object;
  optionsFile: string;
  logFile: string;
  environment?: Record<string, string>;
  /** Aborting it ends a part that is not ready yet. */
  signal?: AbortSignal;
}

/**
 * Starts a part and waits for its line `{"ready":true,"ports":{...},"note":"..."}`. The part ends when its standard input closes, which is what
 * happens when this process dies in any way.
 * @throws UserError `SANDBOX_PART_FAILED` when it ends before it is ready; no process is left then.
 */
export async function startNodePart(part: NodePartOptions): Promise<RunningPart> {
  await writeFileAtomically(part.optionsFile, JSON.stringify(part.options, undefined, 2), 0o600);
  const log = openSync(part.logFile, "a");
  const child = spawn(process.execPath, [part.main, part.optionsFile], {
    stdio: ["pipe", "pipe", log],
    env: { ...process.env, ...part.environment },
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ready = new Promise<Ready>((resolve, reject) => {
    child.once("error", reject);
    createInterface({ input: child.stdout as Readable }).on("line", (line) => {
      const message = parseReady(line);
      if (message !== undefined) resolve(message);
    });
    child.once("exit", (code, signal) => reject(endedEarly(part, code ?? signal)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const abort = () => child.kill("SIGTERM");
  part.signal?.addEventListener("abort", abort);
  if (part.signal?.aborted) abort();
  const { ports, note } = await ready
    .catch(async (error) => {
      await stop();
      throw error;
    })
    .finally(() => part.signal?.removeEventListener("abort", abort));
  return { pids: [child.pid as number], ports, ...(note !== undefined && { note }), ended, stop };
}

interface Ready {
  ports: Record<string, number>;
  note?: string;
}

function parseReady(line: string): Ready | undefined {
  try {
    const { ready, ports = {}, note } = JSON.parse(line) as Partial<Ready> & { ready?: boolean };
    return ready === true ? { ports, ...(note !== undefined && { note }) } : undefined;
  } catch {
    return undefined;
  }
}

function endedEarly(part: NodePartOptions, how: number | string | null): UserError {
  return new UserError("SANDBOX_PART_FAILED", {
    what: `the sandbox's ${part.name} ended (${how}) before it was ready`,
    why: `its log says why: ${part.logFile}`,
    next: `Read it with \`mfakit sandbox logs ${part.name}\`, mend the cause and run the command again.`,
  });
}
