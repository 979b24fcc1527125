import { resolve } from "node:path";
import { LocalWorkspace, type OutputMap, PulumiCommand, Stack } from "@pulumi/pulumi/automation/index.js";
import { UserError } from "../provider/engine/userError.ts";
import type { DeploymentContext } from "./context.ts";
import { engineEnvironment, installedEngineRoot } from "./engine.ts";
import { EventPrinter } from "./eventPrinter.ts";
import { projectRoot } from "./project.ts";

/** What one deployment did. */
export interface Deployment {
  /** Operation (`create`, `update`, `delete`, `replace`) to the number of resources; empty: nothing had to change. */
  changes: Record<string, number>;
  outputs: OutputMap;
  previewMilliseconds: number;
  /** 0 when nothing had to change. */
  upMilliseconds: number;
}

const policyPack = resolve(projectRoot, "policies");

/**
 * Previews with refresh and the policy pack, so that every prerequisite is proved before anything is touched, then deploys when
 * something has to change. Progress goes to `write`. Aborting `signal` lets the engine end what it has begun and stop.
 * @throws UserError `DEPLOYMENT_FAILED` when the preview, a policy or a resource says no.
 */
export async function deploy(
  context: DeploymentContext,
  write: (line: string) => void,
  signal?: AbortSignal,
): Promise<Deployment> {
  return previewAndUp(await openStack(context), context, write, signal);
}

async function previewAndUp(
  stack: Stack,
  context: DeploymentContext,
  write: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<Deployment> {
  const options = {
    configFile: context.configFile,
    refresh: true,
    policyPacks: [policyPack],
    color: "never" as const,
    signal,
  };
  const preview = new EventPrinter(write, { showSteps: false });
  const previewMilliseconds = await timed("preview", preview, () =>
    stack.preview({ ...options, onEvent: preview.take }),
  );
  const changes = preview.plannedChanges();
  if (Object.keys(changes).length === 0) {
    return { changes, outputs: await stack.outputs(), previewMilliseconds, upMilliseconds: 0 };
  }
  const up = new EventPrinter(write, { showSteps: true, after: preview });
  const upMilliseconds = await timed("up", up, () =>
    stack.up({ ...options, onEvent: up.take, suppressOutputs: true, showSecrets: false }),
  );
  return { changes: up.plannedChanges(), outputs: await stack.outputs(), previewMilliseconds, upMilliseconds };
}

async function openStack(context: DeploymentContext): Promise<Stack> {
  const root = installedEngineRoot();
  const workspace = await LocalWorkspace.create({
    workDir: projectRoot,
    pulumiCommand: await PulumiCommand.get(
      root === undefined ? { skipVersionCheck: true } : { root, skipVersionCheck: true },
    ),
    envVars: engineEnvironment(context),
  });
  return Stack.select(context.stack, workspace);
}

async function timed(phase: string, events: EventPrinter, act: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  try {
    await act();
  } catch (cause) {
    throw new UserError(
      "DEPLOYMENT_FAILED",
      {
        what: `pulumi ${phase} failed`,
        why: events.problems().join("\n         ") || (cause as Error).message,
        next: "Mend what the messages say and run the command again; after a killed run first `mfakit recover`.",
      },
      { cause },
    );
  }
  events.finish();
  return performance.now() - since;
}
