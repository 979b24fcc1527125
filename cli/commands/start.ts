import { findContext, sandboxContextFile } from "../context.ts";
import { type Deployment, deploy } from "../deploy.ts";
import { duration } from "../duration.ts";
import { bringUpSandbox, layout } from "../sandbox.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { summary } from "../start/summary.ts";
import { verify } from "../verify/verify.ts";
import { report } from "./verify.ts";

/** `npm start`: the sandbox, the dev environment in it, the proof from outside, and what there is to see. */
export async function main(): Promise<number> {
  const times: [phase: string, milliseconds: number][] = [];
  const phase = async <T>(title: string, act: () => Promise<T>): Promise<T> => {
    const since = performance.now();
    say(`\n${title}`);
    const result = await act();
    times.push([title, performance.now() - since]);
    return result;
  };
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);

  const { started } = await phase("Sandbox", bringUpSandbox);
  if (!started) say("  is running already");
  const context = findContext({ context: sandboxContextFile });
  await phase("Stack and secrets", () => refreshSandboxSettings(context));
  const deployment = await phase("Preview and deployment", () => deploy(context, say, interrupt.signal));
  say(`  ${describe(deployment)}`);
  const results = await phase("Verification from outside", () => verify(context));
  say(report(results));
  say(`\n${summary({ context, deployment, results, times, layout })}`);
  process.off("SIGINT", onInterrupt);
  process.off("SIGTERM", onInterrupt);
  return results.every(({ status }) => status === "pass") ? 0 : 1;
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
