import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { UserError } from "../provider/engine/userError.ts";
import { cacheDirectory, engineDirectory } from "../scripts/setup/locations.js";
import type { DeploymentContext } from "./context.ts";
import { projectRoot } from "./project.ts";

/** Root of the engine that the set-up installed (`<root>/bin/pulumi`), or undefined when `pulumi` on PATH is used. */
export function installedEngineRoot(): string | undefined {
  const folder = engineDirectory();
  return existsSync(join(folder, "pulumi")) ? dirname(folder) : undefined;
}

/** The environment in which the engine runs for a context. */
export function engineEnvironment(context: DeploymentContext): Record<string, string> {
  const root = installedEngineRoot();
  const path = process.env.PATH ?? "";
  return {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Compiled code of the program and of the policy pack is kept between runs.
    NODE_COMPILE_CACHE: join(cacheDirectory(), "node-compile-cache"),
    ...context.environment,
    // The language host and the policy analyzer are looked up on PATH, and both start the `node` found there.
    PATH: [...(root === undefined ? [] : [join(root, "bin")]), join(projectRoot, "node_modules", ".bin"), path].join(
      delimiter,
    ),
  };
}

/**
 * Runs `pulumi` for a context in the foreground and answers its exit code.
 * @throws UserError `ENGINE_MISSING` when there is no `pulumi`, `STACK_IN_ARGUMENTS` when the arguments name a stack themselves.
 */
export async function runEngine(context: DeploymentContext, args: readonly string[]): Promise<number> {
  const child = spawn("pulumi", withContext(context, args), {
    cwd: projectRoot,
    stdio: "inherit",
    env: { ...process.env, ...engineEnvironment(context) },
  });
  // Ctrl-C reaches the engine by the terminal; it cancels in order, so wait for it instead of ending first.
  const ignore = () => undefined;
  const forward = () => void child.kill("SIGINT");
  process.on("SIGINT", ignore).on("SIGTERM", forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error) => reject(engineMissing(error)));
      child.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    process.off("SIGINT", ignore).off("SIGTERM", forward);
  }
}

/**
 * Runs `pulumi` for a context and answers what it printed.
 * @param input given to it on standard input
 * @throws UserError `ENGINE_FAILED` with the engine's own words when its exit code is not 0.
 */
export function captureEngine(context: DeploymentContext, args: readonly string[], input?: string): Promise<string> {
  const child = spawn("pulumi", withContext(context, [...args, "--non-interactive"]), {
    cwd: projectRoot,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, ...engineEnvironment(context) },
  });
  // An engine that ends before it has read everything says why itself.
  child.stdin.on("error", () => undefined).end(input);
  const output: string[] = [];
  const errors: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(engineMissing(error)));
    child.once("close", (code) => {
      if (code === 0) return resolve(output.join(""));
      // What it printed before it failed may hold the secrets that were asked for.
      const said = args.includes("--show-secrets") ? [] : output;
      const why = (errors.join("").trim() || said.join("").trim()).replace(/^error: /, "");
      const next = "Mend the cause and run the command again.";
      reject(new UserError("ENGINE_FAILED", { what: `pulumi ${args.slice(0, 2).join(" ")} failed`, why, next }));
    });
  });
}

/** Commands that read the settings file, and so take `--config-file`. */
const commandsWithSettings = new Set([
  "up",
  "update",
  "preview",
  "pre",
  "refresh",
  "destroy",
  "config",
  "watch",
  "import",
  "logs",
]);

/** Commands that are about no stack. */
const commandsWithoutStack = new Set(["version", "about", "help", "login", "logout", "whoami", "plugin", "package"]);

/** The arguments with the context's stack and settings put behind the command. */
function withContext(context: DeploymentContext, args: readonly string[]): string[] {
  const own = args.find((argument) => /^(-s|--stack|--config-file)(=|$)/.test(argument));
  if (own !== undefined) {
    throw new UserError("STACK_IN_ARGUMENTS", {
      what: `${own} cannot be given here`,
      why: `the context (${context.name}) says which stack and settings are meant`,
      next: "Name another context with MFAKIT_CONTEXT, or run pulumi itself.",
    });
  }
  const command = args.find((argument) => !argument.startsWith("-"));
  if (command === undefined || commandsWithoutStack.has(command) || args.includes("--help")) return [...args];
  const settings = commandsWithSettings.has(command) ? ["--config-file", context.configFile] : [];
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return [...args.slice(0, end), "--stack", context.stack, ...settings, ...args.slice(end)];
}

function engineMissing(cause: Error): UserError {
  return new UserError(
    "ENGINE_MISSING",
    {
      what: "the Pulumi engine cannot be started",
      why: cause.message,
      next: "Run `npm run setup`: it installs the engine.",
    },
    { cause },
  );
}
