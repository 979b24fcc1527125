import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { DeploymentContext } from "../../context.ts";
import { captureEngine } from "../../engine.ts";
import type { KnownOutputs } from "./input.ts";

/**
 * Has the engine preview a context. What it prints has positions and dependencies of the resources, but not what the providers answered:
 * that stands in its log of events, which the Automation API reads in the same way.
 *
 * @throws UserError when the program, its settings or a provider say no.
 */
export async function previewed(context: DeploymentContext): Promise<{ text: string; outputs: KnownOutputs }> {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-preview-"));
  const log = join(folder, "events.jsonl");
  const environment = { ...context.environment, PULUMI_DEBUG_COMMANDS: "true" };
  try {
    const args = ["preview", "--json", "--show-sames", "--event-log", log];
    const text = await captureEngine({ ...context, environment }, args);
    return { text, outputs: await outputsIn(log) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function outputsIn(log: string): Promise<KnownOutputs> {
  const outputs = new Map<string, unknown>();
  for await (const line of createInterface({ input: createReadStream(log) })) {
    const { resOutputsEvent } = JSON.parse(line) as EngineEvent;
    const { urn, new: state } = resOutputsEvent?.metadata ?? {};
    if (urn !== undefined && state?.outputs !== undefined) outputs.set(urn, state.outputs);
  }
  return outputs;
}
