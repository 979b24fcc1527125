import { resolve } from "node:path";
import { liveRecord } from "../sandbox/client.ts";
import { launchSandbox } from "../sandbox/launch.ts";
import { sandboxLayout } from "../sandbox/layout.ts";
import type { SandboxRecord } from "../sandbox/record.ts";
import { writeContext } from "../sandbox/stack.ts";
import { duration } from "./duration.ts";
import { projectRoot } from "./project.ts";

/** The sandbox of this checkout. */
export const layout = sandboxLayout(resolve(projectRoot, ".sandbox"));

/** The environment that the sandbox stands for. */
export const settingsFile = resolve(projectRoot, "Pulumi.dev.yaml");

/**
 * Starts the sandbox unless it runs, and shows each part as it becomes ready. Ctrl-C stops what has been started.
 * @throws UserError when a part cannot be started.
 */
export async function bringUpSandbox(): Promise<{ record: SandboxRecord; started: boolean }> {
  const running = await liveRecord(layout);
  if (running !== undefined && Object.values(running.parts).every((part) => part.state === "ready")) {
    return { record: running, started: false };
  }
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  process.once("SIGINT", abort);
  process.once("SIGTERM", abort);
  try {
    const record = await launchSandbox({
      layout,
      settingsFile,
      signal: interrupt.signal,
      onPart(name, part) {
        if (part.state === "starting") process.stdout.write(`  ${name}: starting\n`);
        if (part.state === "ready") process.stdout.write(`  ${name}: ready after ${duration(part.readyAfter ?? 0)}\n`);
        if (part.state === "failed") process.stdout.write(`  ${name}: failed: ${part.message}\n`);
      },
    });
    await writeContext(layout, record);
    return { record, started: true };
  } finally {
    process.off("SIGINT", abort);
    process.off("SIGTERM", abort);
  }
}
