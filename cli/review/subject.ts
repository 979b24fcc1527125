import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { parse } from "yaml";
import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { type ContextOptions, findContext } from "../context.ts";
import { projectRoot } from "../project.ts";
import { type ConfigLines, configLines } from "./configLine.ts";
import { previewDocument, stateDocument } from "./input/documents.ts";
import type { ReviewInput } from "./input/input.ts";
import { previewed } from "./input/previewed.ts";
import { readDocument, readPreview } from "./input/read.ts";

/** Where a review finds its resources; without a file, by a preview of the context. */
export interface SubjectOptions extends ContextOptions {
  /** A saved `pulumi preview --json`. */
  preview?: string;
  /** A saved `pulumi stack export`. */
  state?: string;
}

/** What is reviewed, and what of it lies on this machine. */
export interface Subject {
  input: ReviewInput;
  /** The program's folder, when what is reviewed was made by this project. */
  root: string | undefined;
  configLine: ConfigLines;
}

/**
 * Reads the saved file, without engine or network, or has the engine preview the context.
 * @throws UserError when there is nothing that can be reviewed.
 */
export async function findSubject(options: SubjectOptions): Promise<Subject> {
  if (options.preview !== undefined) return offline(await readDocument(options.preview, previewDocument));
  if (options.state !== undefined) return offline(await readDocument(options.state, stateDocument));
  return live(options);
}

function offline(input: ReviewInput): Subject {
  if (input.project !== projectName()) return { input, root: undefined, configLine: () => undefined };
  const name = `Pulumi.${input.stack}.yaml`;
  const path = resolve(projectRoot, name);
  return { input, root: projectRoot, configLine: configLines(existsSync(path) ? path : undefined, name) };
}

async function live(options: ContextOptions): Promise<Subject> {
  const context = findContext(options);
  // What only the sandbox needs is not loaded for a saved file.
  const { refreshSandboxSettings, writtenSettings } = await import("../sandboxSettings.ts");
  await refreshSandboxSettings(context);
  loadSettings(yamlSource(context.configFile));
  const { text, outputs } = await previewed(context);
  const input = await readPreview(text, context.name, outputs);
  const settings = writtenSettings(context);
  return { input, root: projectRoot, configLine: configLines(settings, relative(projectRoot, settings)) };
}

function projectName(): string {
  return (parse(readFileSync(resolve(projectRoot, "Pulumi.yaml"), "utf8")) as { name: string }).name;
}
