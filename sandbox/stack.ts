import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { UserError } from "../provider/engine/userError.ts";
import { writeFileAtomically } from "./atomicFile.ts";
import { readEndpoints } from "./endpoints.ts";
import { writeEnvironmentFile } from "./environmentFile.ts";
import type { SandboxLayout } from "./layout.ts";
import type { SandboxRecord } from "./record.ts";
import { ensureSecrets, type SandboxSecrets, secretFile } from "./secrets.ts";

/** The stack that the sandbox holds. */
export const sandboxStack = "dev";

/** The engine's environment variables for a sandbox; paths to secrets, never secrets. */
export function engineVariables(layout: SandboxLayout, record: SandboxRecord): Record<string, string> {
  const { azureNative, azuread, command } = record.parts.azure?.ports ?? {};
  return {
    PULUMI_HOME: layout.pulumiHome,
    PULUMI_BACKEND_URL: `file://${layout.pulumiState}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: secretFile(layout, "passphrase"),
    // The simulated cloud stands in for these three provider plugins.
    PULUMI_DEBUG_PROVIDERS: `azure-native:${azureNative},azuread:${azuread},command:${command}`,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** The sandbox's stack as the CLI's context files describe one. */
export interface SandboxContext {
  name: string;
  stack: string;
  configFile: string;
  environment: Record<string, string>;
}

/** Writes `context.json` into the sandbox's folder, by which `mfakit` finds the sandbox's stack. */
export async function writeContext(layout: SandboxLayout, record: SandboxRecord): Promise<SandboxContext> {
  const context = {
    name: "sandbox",
    stack: sandboxStack,
    configFile: layout.environmentFile,
    environment: engineVariables(layout, record),
  };
  await writeFileAtomically(join(layout.root, "context.json"), `${JSON.stringify(context, undefined, 2)}\n`);
  return context;
}

/** Brings the sandbox's settings up to date with the environment file they are made from. */
export async function refreshSettings(layout: SandboxLayout, settingsFile: string): Promise<void> {
  const endpoints = readEndpoints(layout);
  if (endpoints === undefined) {
    throw new UserError("SANDBOX_DOWN", {
      what: "the sandbox has no endpoints yet",
      why: "it has never been up",
      next: "Run `npm start`.",
    });
  }
  await writeEnvironmentFile(layout, settingsFile, endpoints);
}

/** Keys of the environment's secrets that the sandbox generates. */
const environmentSecrets = [
  "adminPassword",
  "domainJoinPassword",
  "directoryPassword",
  "azureClientSecret",
  "managementPrivateKey",
  "hostPrivateKey",
] as const satisfies readonly (keyof SandboxSecrets)[];

/**
 * Makes the stack and puts the environment's secrets into its settings, encrypted by the engine. Does nothing when that is done.
 * @param variables the engine's environment, with `pulumi` on PATH
 */
export async function ensureStack(
  layout: SandboxLayout,
  projectFile: string,
  variables: Record<string, string>,
): Promise<void> {
  mkdirSync(layout.pulumiHome, { recursive: true });
  mkdirSync(layout.pulumiState, { recursive: true });
  // `stack init` writes its salt beside Pulumi.yaml: in a copy, so that the checkout's own settings file stays as it is.
  const project = join(layout.root, "pulumi", "project");
  const saltFile = join(project, `Pulumi.${sandboxStack}.yaml`);
  if (!existsSync(saltFile)) {
    mkdirSync(project, { recursive: true });
    copyFileSync(projectFile, join(project, "Pulumi.yaml"));
    await pulumi(["stack", "init", sandboxStack, "--non-interactive"], project, variables);
  }
  const settings = parseDocument(readFileSync(layout.environmentFile, "utf8"));
  if (!settings.has("encryptionsalt")) {
    settings.set("encryptionsalt", parseDocument(readFileSync(saltFile, "utf8")).get("encryptionsalt"));
    await writeFileAtomically(layout.environmentFile, settings.toString({ lineWidth: 0 }), 0o600);
  }
  const values = await ensureSecrets(layout);
  for (const name of environmentSecrets) {
    const key = `mfa-server:${name}`;
    if (settings.hasIn(["config", key])) continue;
    const args = ["config", "set", "--secret", key, "--stack", sandboxStack, "--config-file", layout.environmentFile];
    await pulumi([...args, "--non-interactive"], project, variables, values[name]);
  }
}

/** Runs the engine with the value on standard input: a command line can be read by every user of the machine. */
function pulumi(args: string[], cwd: string, variables: Record<string, string>, input = ""): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("pulumi", args, {
      cwd,
      stdio: ["pipe", "ignore", "pipe"],
      env: { ...process.env, ...variables },
    });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.once("error", (error) => reject(engineFailed(args, error.message)));
    child.once("close", (code) => (code === 0 ? resolve() : reject(engineFailed(args, errors.trim()))));
    child.stdin.on("error", () => undefined).end(input);
  });
}

function engineFailed(args: string[], why: string): UserError {
  return new UserError("ENGINE_FAILED", {
    what: `pulumi ${args.slice(0, 2).join(" ")} failed`,
    why,
    next: "Mend the cause and run the command again.",
  });
}
