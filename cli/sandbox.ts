import { resolve } from "node:path";
import { UserError } from "../provider/engine/userError.ts";
import { settledRecord, stopSandbox } from "../sandbox/client.ts";
import { launchSandbox } from "../sandbox/launch.ts";
import { sandboxLayout } from "../sandbox/layout.ts";
import { type PartRecord, type SandboxRecord, sandboxState } from "../sandbox/record.ts";
import { duration } from "./duration.ts";
import { projectRoot } from "./project.ts";

/** The sandbox of this checkout. */
export const layout = sandboxLayout(resolve(projectRoot, ".sandbox"));

/** The environment that the sandbox stands for. */
export const settingsFile = resolve(projectRoot, "Pulumi.dev.yaml");

/**
 * Starts the sandbox unless it runs, and shows each part as it becomes ready. Waits for a start in progress; takes down a sandbox
 * with a failed part first. Ctrl-C stops what has been started here.
 * @throws UserError when a part cannot be started.
 */
export async function bringUpSandbox(): Promise<{ record: SandboxRecord; started: boolean }> {
  const interrupt = new AbortController();
  const abort = () => interrupt.abort(interrupted());
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  try {
    const running = await usableSandbox(interrupt.signal);
    if (running !== undefined) return { record: running, started: false };
    const record = await launchSandbox({ layout, settingsFile, signal: interrupt.signal, onPart: show });
    return { record, started: true };
  } finally {
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
  }
}

/** The sandbox that is up, in which every part is ready; a broken one is down after this. */
async function usableSandbox(signal: AbortSignal): Promise<SandboxRecord | undefined> {
  const onWait = () => void process.stdout.write("  is being started by another command; waiting for it\n");
  const record = await settledRecord(layout, { signal, onWait }).catch((error) => {
    throw signal.aborted ? signal.reason : error;
  });
  if (record === undefined || sandboxState(record) === "ready") return record;
  const broken = Object.entries(record.parts).filter(([, part]) => part.state !== "ready");
  process.stdout.write(`  ${broken.map(([name, part]) => `${name} is ${part.state}`).join(", ")}: starting all anew\n`);
  await stopSandbox(layout);
  signal.throwIfAborted();
  return undefined;
}

function show(name: string, part: PartRecord): void {
  if (part.state === "starting") process.stdout.write(`  ${name}: starting\n`);
  const how = part.message === undefined ? "" : `; ${part.message}`;
  if (part.state === "ready") process.stdout.write(`  ${name}: ready after ${duration(part.readyAfter ?? 0)}${how}\n`);
  if (part.state === "failed") process.stdout.write(`  ${name}: failed: ${part.message}\n`);
}

function interrupted(): UserError {
  return new UserError("SANDBOX_INTERRUPTED", {
    what: "the sandbox was not started",
    why: "the command was interrupted",
    next: "Run the command again.",
  });
}
