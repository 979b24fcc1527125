import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { UserError } from "../../provider/engine/userError.ts";
import { stopSandbox } from "../../sandbox/client.ts";
import { findContext, sandboxContextFile } from "../context.ts";
import { type Deployment, deploy } from "../deploy.ts";
import { duration } from "../duration.ts";
import { bringUpSandbox, layout, settingsFile } from "../sandbox.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { summary } from "../start/summary.ts";
import { verify } from "../verify/verify.ts";
import { report } from "./verify.ts";

/** `npm start`: the sandbox, the dev environment in it, the proof from outside, and what there is to see. */
export async function main(): Promise<number> {
  loadSettings(yamlSource(settingsFile));
  const interrupt = new AbortController();
  // Ctrl-C in a terminal reaches the engine too, and a second one would end it hard: only SIGTERM is passed on.
  let interrupted = false;
  const onInterrupt = () => {
    interrupted = true;
  };
  const onTerminate = () => {
    interrupted = true;
    interrupt.abort();
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
  const goOn = () => {
    if (interrupted) throw new UserError("INTERRUPTED", interruption);
  };
  const times: Times = [];
  const { started } = await phase(times, "Sandbox", bringUpSandbox);
  if (!started) say("  is running already");
  try {
    return await deployAndShow(times, interrupt.signal, goOn);
  } catch (error) {
    // Ctrl-C leaves no process behind; a sandbox that ran before is somebody's and stays.
    if (interrupted && started) await stopSandbox(layout);
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate);
  }
}

const interruption = {
  what: "the start was interrupted",
  why: "Ctrl-C, or a signal to end",
  next: "Run `npm start` again; what is done stays done.",
};

type Times = [phase: string, milliseconds: number][];

async function deployAndShow(times: Times, signal: AbortSignal, goOn: () => void): Promise<number> {
  const context = findContext({ context: sandboxContextFile });
  await phase(times, "Stack and secrets", () => refreshSandboxSettings(context));
  goOn();
  const deployment = await phase(times, "Preview and deployment", () => deploy(context, say, signal));
  say(`  ${describe(deployment)}`);
  goOn();
  const results = await phase(times, "Verification from outside", () => verify(context));
  goOn();
  say(report(results));
  say(`\n${summary({ deployment, results, times, layout })}`);
  return results.every(({ status }) => status === "pass") ? 0 : 1;
}

async function phase<T>(times: Times, title: string, act: () => Promise<T>): Promise<T> {
  const since = performance.now();
  say(`\n${title}`);
  const result = await act();
  times.push([title, performance.now() - since]);
  return result;
}

function describe({ changes, previewMilliseconds, upMilliseconds }: Deployment): string {
  const counts = Object.entries(changes).map(([operation, count]) => `${count} ${operation}`);
  if (counts.length === 0)
    return `nothing to change: what is deployed is what is declared (preview ${duration(previewMilliseconds)})`;
  return `${counts.join(", ")} (preview ${duration(previewMilliseconds)}, up ${duration(upMilliseconds)})`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
