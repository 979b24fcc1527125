import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../provider/engine/userError.ts";
import { projectRoot } from "./project.ts";

const contextFile = z.strictObject({
  /** How the program speaks of it: `sandbox`, `production from the pipeline`. */
  name: z.string(),
  stack: z.string(),
  /** The environment's settings; relative to the context file. Default: `Pulumi.<stack>.yaml` of the project. */
  configFile: z.string().optional(),
  /** Environment variables for the engine: backend, home, passphrase file. Paths to secrets, never secrets. */
  environment: z.record(z.string(), z.string()).default({}),
});

/** Which deployed environment a command is about: its stack, its settings file and the engine's environment variables. */
export interface DeploymentContext {
  name: string;
  stack: string;
  /** Absolute. */
  configFile: string;
  environment: Record<string, string>;
}

/** Read when neither `--context` nor `--stack` nor MFAKIT_CONTEXT says otherwise: what `mfakit sandbox up` wrote. */
export const sandboxContextFile = resolve(projectRoot, ".sandbox", "context.json");

/** What a command line may say about the context. */
export interface ContextOptions {
  /** Path of a context file. */
  context?: string;
  /** A stack of the current backend, with `Pulumi.<stack>.yaml` as its settings. */
  stack?: string;
}

/**
 * Finds the context: `--context FILE`, `--stack NAME`, the variable MFAKIT_CONTEXT, the sandbox of this checkout, in this order.
 * @throws UserError `NO_CONTEXT` when there is none, `BAD_CONTEXT` when the file cannot be used.
 */
export function findContext(options: ContextOptions): DeploymentContext {
  if (options.context !== undefined && options.stack !== undefined) {
    throw new UserError("TWO_CONTEXTS", {
      what: "--context and --stack are both given",
      why: "a context file names its stack itself",
      next: "Leave one of them out.",
    });
  }
  if (options.stack !== undefined) return stackContext(options.stack);
  const file = options.context ?? process.env.MFAKIT_CONTEXT ?? existing(sandboxContextFile);
  if (file === undefined) {
    throw new UserError("NO_CONTEXT", {
      what: "no environment to work on",
      why: "neither --stack, --context nor MFAKIT_CONTEXT is given, and this checkout has no sandbox",
      next: "Name a stack (`--stack dev`), or start the sandbox with `npm start`.",
    });
  }
  return readContext(resolve(file));
}

function readContext(path: string): DeploymentContext {
  try {
    const read = contextFile.parse(JSON.parse(readFileSync(path, "utf8")));
    const configFile = read.configFile ?? resolve(projectRoot, `Pulumi.${read.stack}.yaml`);
    return { ...read, configFile: isAbsolute(configFile) ? configFile : resolve(dirname(path), configFile) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : (error as Error).message;
    throw new UserError(
      "BAD_CONTEXT",
      {
        what: `the context file ${path} cannot be used`,
        why,
        next: "Mend or remove it, or name a stack with --stack.",
      },
      { cause: error },
    );
  }
}

function stackContext(stack: string): DeploymentContext {
  // An organisation in front (`contoso/dev`) is not part of the file's name.
  const file = `Pulumi.${stack.split("/").at(-1)}.yaml`;
  return { name: `stack ${stack}`, stack, configFile: resolve(projectRoot, file), environment: {} };
}

function existing(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}
