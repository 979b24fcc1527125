import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import type { SettingsInput } from "../../environment/schema.ts";
import type { Secrets } from "../../environment/secrets/definitions.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";
import { devSecrets, projectDirectory } from "../support/environment.ts";

/** The kit's own program in a stack of a test's own, with secrets set. */
export interface ProjectWorkspace extends Workspace {
  /** Writes settings into the stack's configuration. */
  configure(settings: SettingsInput): Promise<void>;
  setSecrets(secrets: Partial<Secrets<string>>): Promise<void>;
}

export async function projectWorkspace(env: Record<string, string> = {}): Promise<ProjectWorkspace> {
  const workspace = await createWorkspace({
    project: "mfa-server",
    program: `export { default } from ${JSON.stringify(path.join(projectDirectory, "index.ts"))};\n`,
    env,
  });
  const project: ProjectWorkspace = {
    ...workspace,
    async configure(settings) {
      const file = path.join(workspace.directory, "Pulumi.dev.yaml");
      const stack = parse(await readFile(file, "utf8"));
      for (const [name, value] of Object.entries(settings)) stack.config[`mfa-server:${name}`] = value;
      await writeFile(file, stringify(stack));
    },
    async setSecrets(secrets) {
      const args = Object.entries(secrets).flatMap(([name, value]) => ["--secret", `mfa-server:${name}=${value}`]);
      await workspace.succeed(["config", "set-all", ...args]);
    },
  };
  await project.setSecrets(devSecrets());
  return project;
}
