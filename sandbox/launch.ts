import { fork } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../provider/engine/userError.ts";
import type { SandboxLayout } from "./layout.ts";
import type { PartRecord, SandboxRecord } from "./record.ts";

/** What the supervisor's process tells whoever started it. */
export type SupervisorMessage =
  | { type: "part"; name: string; part: PartRecord }
  | { type: "ready"; record: SandboxRecord }
  | { type: "failed"; code: string; what: string; why: string; next: string };

export interface LaunchOptions {
  layout: SandboxLayout;
  /** The environment whose names (domain, zone, tenant) the sandbox takes. */
  settingsFile: string;
  onPart?: (name: string, part: PartRecord) => void;
  /** Aborting stops what has been started. */
  signal?: AbortSignal;
}

/**
 * Starts the supervisor as a process of its own that outlives this one, and waits until every part answers.
 * @throws UserError with the cause when a part cannot be started; nothing is left running then.
 */
export function launchSandbox(options: LaunchOptions): Promise<SandboxRecord> {
  const { layout } = options;
  mkdirSync(layout.logs, { recursive: true });
  const log = openSync(layout.log("supervisor"), "a");
  const supervisor = fork(join(import.meta.dirname, "main.ts"), [layout.root, options.settingsFile], {
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    execArgv: [],
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    const stop = () => void supervisor.kill("SIGTERM");
    options.signal?.addEventListener("abort", stop, { once: true });
    if (options.signal?.aborted) stop();
    let failure: UserError | undefined;
    const settle = (act: () => void) => {
      options.signal?.removeEventListener("abort", stop);
      if (supervisor.connected) supervisor.disconnect();
      supervisor.unref();
      act();
    };
    supervisor.on("message", (message: SupervisorMessage) => {
      if (message.type === "part") options.onPart?.(message.name, message.part);
      // Interrupted at the last moment: it is going down already, which its exit tells.
      if (message.type === "ready" && !options.signal?.aborted) settle(() => resolve(message.record));
      if (message.type === "failed") {
        const { code, what, why, next } = message;
        // Told when the process has ended, so that nothing of it is left.
        failure = new UserError(code, { what, why, next });
      }
    });
    supervisor.once("error", (error) => settle(() => reject(error)));
    supervisor.once("exit", (code, signal) => {
      settle(() =>
        reject(
          failure ??
            new UserError("SANDBOX_ENDED", {
              what: `the sandbox's supervisor ended (${signal ?? code})`,
              why: options.signal?.aborted ? "it was interrupted" : `its log says why: ${layout.log("supervisor")}`,
              next: "Run the command again.",
            }),
        ),
      );
    });
  });
}
