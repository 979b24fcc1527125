/**
 * The real Pulumi engine for tests: found where the set-up left it, run in a workspace of its own (state, home, passphrase) that
 * nothing outside shares.
 */
import { spawn } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { stringify } from "yaml";
import { endProcessesWith } from "./leftovers.ts";

const version = "3.220.0";
const root = path.resolve(import.meta.dirname, "../..");

export interface RunResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Standard output followed by standard error. */
  output: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  /** Called with each piece of standard output, while the engine runs. */
  onOutput?: (text: string, engine: { pid: number; interrupt(): void; kill(): void }) => void;
}

export interface WorkspaceOptions {
  /** Text of the program (TypeScript module), put into a project of its own. Or `directory`: a project that exists, run in place. */
  program?: string;
  directory?: string;
  /** Name of the project that is made for `program`. Default `test`. */
  project?: string;
  /** Folders of local provider plugins by name, written into the project that is made for `program`. */
  plugins?: Record<string, string>;
  /** Default `dev`. */
  stack?: string;
  env?: Record<string, string>;
}

export interface Workspace {
  readonly directory: string;
  /** The environment that `run` gives to the engine; for other programs that must see the same stack. */
  readonly env: Record<string, string>;
  /** Runs `pulumi` with these arguments on the stack; never throws for an exit code. */
  run(args: string[], options?: RunOptions): Promise<RunResult>;
  /** Like `run`, and throws with the whole output when the exit code is not 0. */
  succeed(args: string[], options?: RunOptions): Promise<RunResult>;
  /** Replaces the program's text. */
  setProgram(text: string): Promise<void>;
  /** The state file as it lies on disk, secrets encrypted. */
  stateText(): Promise<string>;
  /** The resources of the state, secrets decrypted. */
  resources(): Promise<StateResource[]>;
  outputs(): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  /** ISO 8601. */
  modified?: string;
}

/** Folder with `pulumi` of the right version and its language host. Throws a message that says how to get it. */
export async function findEngine(): Promise<string> {
  for (const folder of (process.env.PATH ?? "").split(path.delimiter)) {
    const binary = path.join(folder, "pulumi");
    if (folder !== "" && (await exists(binary)) && (await versionOf(binary)) === version) return folder;
  }
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
  const cached = path.join(cache, "mfakit", `engine-v${version}`, "bin");
  if (await exists(path.join(cached, "pulumi"))) return cached;
  throw new Error(`Pulumi ${version} is neither on PATH nor in ${cached}. Run "npm test", which sets it up.`);
}

/** Makes a stack for a test. Call `remove` at the end. */
export async function createWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const engine = await findEngine();
  const home = await mkdtemp(path.join(tmpdir(), "mfakit-engine-"));
  const directory = options.directory ?? path.join(home, "project");
  if (options.directory === undefined) await makeProject(directory, options);
  await mkdir(path.join(home, "state"));
  await writeFile(path.join(home, "passphrase"), "a passphrase of this test alone", { mode: 0o600 });

  const env: Record<string, string> = {
    ...inherited(),
    PATH: [engine, path.join(root, "node_modules/.bin"), process.env.PATH ?? ""].join(path.delimiter),
    PULUMI_HOME: path.join(home, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(home, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: path.join(home, "passphrase"),
    PULUMI_STACK: options.stack ?? "dev",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    NO_COLOR: "1",
    ...options.env,
  };
  const run = (args: string[], { env: extra, ...rest }: RunOptions = {}) =>
    execute(path.join(engine, "pulumi"), [...args, "--non-interactive"], directory, { ...env, ...extra }, rest);
  const succeed = async (args: string[], runOptions?: RunOptions) => {
    const result = await run(args, runOptions);
    if (result.exitCode !== 0)
      throw new Error(`pulumi ${args.join(" ")} exited with ${result.exitCode}:\n${result.output}`);
    return result;
  };
  await succeed(["stack", "init", env.PULUMI_STACK ?? "dev"]);

  return {
    directory,
    env,
    run,
    succeed,
    setProgram: (text) => writeFile(path.join(directory, "index.ts"), text),
    stateText: () => readFile(stateFile(home, options), "utf8"),
    resources: async () => {
      const { stdout } = await succeed(["stack", "export", "--show-secrets"]);
      return (JSON.parse(stdout) as { deployment: { resources?: StateResource[] } }).deployment.resources ?? [];
    },
    outputs: async () => JSON.parse((await succeed(["stack", "output", "--json", "--show-secrets"])).stdout),
    remove: async () => {
      endProcessesWith(`PULUMI_HOME=${env.PULUMI_HOME}`);
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

function stateFile(home: string, options: WorkspaceOptions): string {
  if (options.directory !== undefined && options.project === undefined) {
    throw new Error("stateText needs the name of the project in `project`");
  }
  return path.join(home, "state/.pulumi/stacks", options.project ?? "test", `${options.stack ?? "dev"}.json`);
}

async function makeProject(directory: string, options: WorkspaceOptions): Promise<void> {
  await mkdir(directory);
  const providers = Object.entries(options.plugins ?? {}).map(([name, folder]) => ({ name, path: folder }));
  const project = {
    name: options.project ?? "test",
    // As the kit's own project has them.
    runtime: { name: "nodejs", options: { typescript: false, nodeargs: `--require=${root}/scripts/lazySdk.cjs` } },
    main: "index.ts",
    ...(providers.length > 0 && { plugins: { providers } }),
  };
  await writeFile(path.join(directory, "Pulumi.yaml"), stringify(project));
  await writeFile(path.join(directory, "package.json"), JSON.stringify({ name: project.name, type: "module" }));
  await writeFile(path.join(directory, "index.ts"), options.program ?? "export {};\n");
  await symlink(path.join(root, "node_modules"), path.join(directory, "node_modules"));
}

/** The environment of this process without settings of another stack or account. */
function inherited(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !/^(PULUMI|ARM|AZURE|NODE_OPTIONS|VITEST)/.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}

async function execute(
  file: string,
  args: string[],
  cwd: string,
  env: Record<string, string>,
  { onOutput }: Pick<RunOptions, "onOutput"> = {},
): Promise<RunResult> {
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const engine = {
    pid: child.pid ?? 0,
    interrupt: () => void child.kill("SIGINT"),
    kill: () => void child.kill("SIGKILL"),
  };
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    onOutput?.(text, engine);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? -1));
  });
  return { exitCode, stdout, stderr, output: stdout + stderr };
}

async function versionOf(binary: string): Promise<string> {
  const { stdout } = await execute(binary, ["version"], root, { ...inherited(), PULUMI_SKIP_UPDATE_CHECK: "true" });
  return stdout.trim().replace(/^v/, "");
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
