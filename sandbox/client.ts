import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../provider/engine/userError.ts";
import type { SandboxLayout } from "./layout.ts";
import { type SandboxRecord, sandboxState } from "./record.ts";

const STATUS_TIMEOUT_MS = 5_000;
const POLL_MS = 250;
/** A first start provisions a domain and compiles services. */
const START_DEADLINE_MS = 5 * 60_000;

/** The record as the living supervisor tells it, or undefined when no supervisor runs. */
export async function liveRecord(layout: SandboxLayout): Promise<SandboxRecord | undefined> {
  try {
    const { body, complete } = await ask(layout, "GET", "/status", STATUS_TIMEOUT_MS);
    // A supervisor that ends while it answers is as good as gone.
    return complete ? (JSON.parse(body) as SandboxRecord) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * As `liveRecord`, but waits while somebody else's start (or the restart of a part) is in progress.
 * @param onWait called once when there is something to wait for
 * @throws UserError `SANDBOX_STARTING` when that takes too long, the signal's reason when it is aborted
 */
export async function settledRecord(
  layout: SandboxLayout,
  { signal, onWait, deadline = START_DEADLINE_MS }: { signal?: AbortSignal; onWait?: () => void; deadline?: number },
): Promise<SandboxRecord | undefined> {
  const until = performance.now() + deadline;
  for (let waited = false; ; waited = true) {
    const record = await liveRecord(layout);
    if (record === undefined || sandboxState(record) !== "starting") return record;
    if (performance.now() > until) {
      throw new UserError("SANDBOX_STARTING", {
        what: "the sandbox is being started by another command and does not become ready",
        why: `it is still starting after ${Math.round(deadline / 1000)} s`,
        next: "See `mfakit sandbox status`, or stop it with `mfakit sandbox down` and run the command again.",
      });
    }
    if (!waited) onWait?.();
    await delay(POLL_MS, undefined, signal && { signal });
  }
}

/** Stops every part and the supervisor; resolves when all are gone. False: nothing was running. */
export async function stopSandbox(layout: SandboxLayout): Promise<boolean> {
  try {
    await ask(layout, "POST", "/down");
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ECONNREFUSED") return false;
    // It ended while it was asked.
    if (code === "ECONNRESET" || code === "EPIPE") return true;
    throw error;
  }
}

interface Answer {
  body: string;
  /** False when the connection was cut in the middle, which is how `/down` is answered: by the supervisor's end. */
  complete: boolean;
}

/** One request over the supervisor's socket. Stopping takes as long as it takes, so a timeout is the caller's choice. */
function ask(layout: SandboxLayout, method: string, path: string, timeout?: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    const asked = request({ socketPath: layout.controlSocket, method, path, ...(signal && { signal }) }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
      });
      // What was cut off is seen from `complete`.
      response.on("error", () => undefined);
      response.once("close", () => resolve({ body, complete: response.complete }));
    });
    asked.on("error", reject);
    asked.end();
  });
}
