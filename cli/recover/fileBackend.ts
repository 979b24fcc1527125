import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DeploymentContext } from "../context.ts";

/** The folder `.pulumi` of a `file://` backend; undefined for every other backend. */
export function fileBackendFolder(context: DeploymentContext): string | undefined {
  const backend = context.environment.PULUMI_BACKEND_URL ?? process.env.PULUMI_BACKEND_URL ?? "";
  return backend.startsWith("file://") ? join(fileURLToPath(backend), ".pulumi") : undefined;
}

/**
 * Removes attribute files that a killed engine left empty. A `file://` backend writes the state itself through a temporary name,
 * but the `.attrs` file beside it in place; an empty one makes the engine refuse the whole stack ("failed to load checkpoint: EOF").
 * It holds a content type and a checksum, nothing that is missed.
 * @returns the removed files
 */
export function removeBrokenAttributes(context: DeploymentContext): string[] {
  const folder = fileBackendFolder(context);
  if (folder === undefined || !existsSync(folder)) return [];
  const broken = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".attrs"))
    .map((file) => join(folder, file))
    .filter((file) => !isJson(readFileSync(file, "utf8")));
  for (const file of broken) rmSync(file);
  return broken;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
