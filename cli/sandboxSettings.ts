import { resolve } from "node:path";
import { ensureStack, refreshSettings } from "../sandbox/stack.ts";
import type { DeploymentContext } from "./context.ts";
import { engineEnvironment } from "./engine.ts";
import { projectRoot } from "./project.ts";
import { layout, settingsFile } from "./sandbox.ts";

/** When the context is this checkout's sandbox: settings made anew from Pulumi.dev.yaml, so that an edit there counts at once. */
export async function refreshSandboxSettings(context: DeploymentContext): Promise<void> {
  if (context.configFile !== layout.environmentFile) return;
  await refreshSettings(layout, settingsFile);
  await ensureStack(layout, resolve(projectRoot, "Pulumi.yaml"), engineEnvironment(context));
}

/** The settings file that a person edits: the sandbox's own is made from it each time. */
export function writtenSettings({ configFile }: DeploymentContext): string {
  return configFile === layout.environmentFile ? settingsFile : configFile;
}
