import { spawn, spawnSync } from "node:child_process";
import { accessSync, appendFileSync, closeSync, constants, mkdirSync, openSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { SetupFailure } from "./failure.js";

/** Programs that this set-up started and that still run. */
const running = new Set();

/** Ends what still runs when the set-up itself is told to end. */
export function endRunning() {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * The path of a command, or undefined. Looks where Debian puts programs for administrators too.
 * @param {string} name
 */
export function findCommand(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end; its output goes to a log file.
 * @param {string} command
 * @param {string[]} args
 * @param {{ log: string, cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, next: string, stdin?: "inherit" | "ignore" }} options
 *   `onLine` sees each line; `next` is the advice when it fails.
 */
export async function run(command, args, { log, cwd, env, onLine, next, stdin = "ignore" }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, "a");
  try {
    const code = await end(command, args, { cwd, env, stdin, file, onLine });
    if (code !== 0)
      throw new SetupFailure(`${command} ended with ${code}\n${tail(log)}`, `${next} The whole log: ${log}`);
  } finally {
    closeSync(file);
  }
}

function end(command, args, { cwd, env, stdin, file, onLine }) {
  return new Promise((resolve, reject) => {
    const output = onLine === undefined ? file : "pipe";
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: [stdin, output, output] });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", lines(file, onLine));
    child.on("error", (error) => {
      running.delete(child);
      reject(
        new SetupFailure(`${command} cannot be started: ${error.message}`, "Install it and run the set-up again."),
      );
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve(code ?? signal);
    });
  });
}

function lines(file, onLine) {
  let rest = "";
  return (chunk) => {
    appendFileSync(file, chunk);
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const line of parts) onLine(line);
  };
}

/**
 * What a short command prints; undefined when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
export function output(command, args, cwd) {
  const { status, stdout } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return status === 0 ? stdout.trim() : undefined;
}

/** The end of a log: what a reader looks at first. */
function tail(log) {
  return readFileSync(log, "utf8")
    .trimEnd()
    .split("\n")
    .slice(-15)
    .map((line) => `    ${line}`)
    .join("\n");
}
