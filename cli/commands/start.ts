import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
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
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const times: Times = [];
  const { started } = await phase(times, "Sandbox", bringUpSandbox);
  if (!started) say("  is running already");
  try {
    return await deployAndShow(times, interrupt.signal);
  } catch (error) {
    // Ctrl-C leaves no process behind; a sandbox that ran before is somebody's and stays.
    if (interrupt.signal.aborted && started) await stopSandbox(layout);
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

type Times = [phase: string, milliseconds: number][];

async function deployAndShow(times: Times, signal: AbortSignal): Promise<number> {
  const context = findContext({ context: sandboxContextFile });
  await phase(times, "Stack and secrets", () => refreshSandboxSettings(context));
  const deployment = await phase(times, "Preview and deployment", () => deploy(context, say, signal));
  say(`  ${describe(deployment)}`);
  const results = await phase(times, "Verification from outside", () => verify(context));
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
