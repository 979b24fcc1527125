import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { engineEnvironment } from "../../cli/engine.ts";
import { stopSandbox } from "../../sandbox/client.ts";
import { launchSandbox } from "../../sandbox/launch.ts";
import { type SandboxLayout, sandboxLayout } from "../../sandbox/layout.ts";
import { ensureStack, refreshSettings, type SandboxContext, writeContext } from "../../sandbox/stack.ts";
import { tamper } from "../../sandbox/tamper.ts";
import { endProcessesWith } from "./leftovers.ts";

const root = resolve(import.meta.dirname, "../..");
const mfakitMain = join(root, "cli", "main.ts");

export interface Ran {
  exitCode: number;
  /** Standard output followed by standard error. */
  output: string;
}

/** A program that a test runs; `kill` ends it without asking. */
export interface Running {
  ended: Promise<Ran>;
  kill(): void;
  /** Ends what a killed engine leaves behind: its language host does not notice that the engine is gone. */
  endLeftovers(): void;
  /** Calls back with everything printed so far, at each piece. */
  onOutput(listener: (output: string) => void): void;
  pid: number;
}

/** A whole sandbox of a test's own, with a stack for the real engine. */
export interface TestSandbox {
  layout: SandboxLayout;
  context: SandboxContext;
  /** Runs `mfakit ARGS` about this sandbox. */
  mfakit(...args: string[]): Promise<Ran>;
  /** Runs `pulumi ARGS` on the stack. */
  pulumi(...args: string[]): Promise<Ran>;
  startPulumi(...args: string[]): Running;
  /** Breaks one thing behind the kit's back. */
  tamper(what: string): Promise<string>;
  /** Changes one setting of the environment. */
  set(path: string[], value: unknown): Promise<void>;
  down(): Promise<void>;
}

export async function startTestSandbox(): Promise<TestSandbox> {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-sandbox-"));
  const layout = sandboxLayout(folder);
  const settingsFile = join(folder, "settings.yaml");
  writeFileSync(settingsFile, readFileSync(join(root, "Pulumi.dev.yaml")));
  const record = await launchSandbox({ layout, settingsFile });
  const context = await writeContext(layout, record);
  await refreshSettings(layout, settingsFile);
  await ensureStack(layout, join(root, "Pulumi.yaml"), engineEnvironment(context));

  const variables = {
    ...process.env,
    ...engineEnvironment(context),
    MFAKIT_CONTEXT: join(folder, "context.json"),
    NO_COLOR: "1",
    // Lets the engine take `--event-log`.
    PULUMI_DEBUG_COMMANDS: "true",
  };
  const start = (command: string, args: string[]) => run(command, args, variables);
  const pulumiArgs = (args: string[]) => [
    ...args,
    "--non-interactive",
    "--stack",
    context.stack,
    // Commands about the state alone know no settings file.
    ...(args[0] === "stack" ? [] : ["--config-file", context.configFile]),
  ];
  return {
    layout,
    context,
    mfakit: (...args) => start(process.execPath, [mfakitMain, ...args]).ended,
    pulumi: (...args) => start("pulumi", pulumiArgs(args)).ended,
    startPulumi: (...args) => start("pulumi", pulumiArgs(args)),
    tamper: (what) => tamper(layout, what),
    async set(path, value) {
      const settings = parseDocument(readFileSync(settingsFile, "utf8"));
      settings.setIn(["config", ...path], value);
      writeFileSync(settingsFile, settings.toString());
      await refreshSettings(layout, settingsFile);
    },
    async down() {
      await stopSandbox(layout);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Running {
  // Whatever the program starts inherits this mark, even when it leaves the process group.
  const mark = { MFAKIT_TEST_PROGRAM: randomUUID() };
  const marked = { ...env, ...mark };
  const child = spawn(command, args, { cwd: root, env: marked, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  let listener: (output: string) => void = () => undefined;
  const take = (text: string) => {
    output += text;
    listener(output);
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  return {
    pid: child.pid as number,
    ended: new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve({ exitCode: code ?? -1, output }));
    }),
    kill: () => void child.kill("SIGKILL"),
    endLeftovers: () => endProcessesWith(`MFAKIT_TEST_PROGRAM=${mark.MFAKIT_TEST_PROGRAM}`),
    onOutput(given) {
      listener = given;
    },
  };
}
