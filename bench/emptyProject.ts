import { spawn } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { engineEnvironment } from "../cli/engine.ts";
import { projectRoot } from "../cli/project.ts";
import type { SandboxContext } from "../sandbox/stack.ts";

/** The program that `pulumi new typescript` makes, on the same engine and backend: it imports the SDK and declares nothing. */
export class EmptyProject {
  readonly #folder: string;
  readonly #variables: Record<string, string>;

  private constructor(folder: string, variables: Record<string, string>) {
    this.#folder = folder;
    this.#variables = variables;
  }

  static async create(context: SandboxContext): Promise<EmptyProject> {
    const folder = join(dirname(context.configFile), "empty-project");
    mkdirSync(folder);
    const project = { name: "empty", runtime: { name: "nodejs", options: { typescript: false } }, main: "index.ts" };
    writeFileSync(join(folder, "Pulumi.yaml"), stringify(project));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", type: "module" }));
    writeFileSync(join(folder, "index.ts"), 'import * as pulumi from "@pulumi/pulumi";\n');
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    const empty = new EmptyProject(folder, engineEnvironment(context));
    await empty.engine("stack", "init", "empty");
    await empty.engine("up", "--yes", "--skip-preview");
    return empty;
  }

  /** Runs the engine on this project; rejects when it fails. */
  engine(...args: string[]): Promise<void> {
    const child = spawn("pulumi", [...args, "--non-interactive"], {
      cwd: this.#folder,
      stdio: "ignore",
      env: { ...process.env, ...this.#variables },
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`pulumi ${args.join(" ")} exited with ${code}`)),
      );
    });
  }
}
