import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../engine/userError.ts";
import { HostUnreachable } from "./hostErrors.ts";

/** How to wait for a host that does not answer yet. */
export interface Patience {
  /** The whole time, from the first attempt. */
  milliseconds: number;
  signal?: AbortSignal;
  /** Told before each further attempt. */
  progress?: (message: string) => void;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the time is up; only {@link HostUnreachable} is tried again.
 * @throws UserError `HOST_UNREACHABLE` when the time is up.
 */
export async function whenReachable<T>(where: string, attempt: () => Promise<T>, patience: Patience): Promise<T> {
  const start = performance.now();
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof HostUnreachable)) throw error;
      const elapsed = performance.now() - start;
      if (elapsed + pause > patience.milliseconds) throw unreachable(where, elapsed, error);
      patience.progress?.(
        `waiting for ${where} (${error.message}), ${seconds(elapsed)} of at most ${seconds(patience.milliseconds)}`,
      );
      await sleep(pause, undefined, { signal: patience.signal });
    }
  }
}

function unreachable(where: string, elapsed: number, error: HostUnreachable): UserError {
  return new UserError(
    "HOST_UNREACHABLE",
    {
      what: `The Windows host at ${where} does not answer SSH`,
      why: `${error.message}, for ${seconds(elapsed)}`,
      next: "Check that it runs, that its OpenSSH server is started, and that this machine may reach the port.",
    },
    { cause: error },
  );
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
