import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { SettingsInput } from "../../environment/schema.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";
import { devSecrets, devSettings, projectDirectory } from "../support/environment.ts";

let workspace: Workspace;
beforeAll(async () => {
  workspace = await createWorkspace({
    project: "mfa-server",
    program: `export { default } from ${JSON.stringify(path.join(projectDirectory, "index.ts"))};\n`,
  });
  const secrets = Object.entries(devSecrets()).flatMap(([name, value]) => ["--secret", `mfa-server:${name}=${value}`]);
  await workspace.succeed(["config", "set-all", ...secrets]);
});
afterAll(() => workspace.remove());

async function configure(settings: SettingsInput): Promise<void> {
  const file = path.join(workspace.directory, "Pulumi.dev.yaml");
  const stack = parse(await readFile(file, "utf8"));
  for (const [name, value] of Object.entries(settings)) stack.config[`mfa-server:${name}`] = value;
  await writeFile(file, stringify(stack));
}

test("five mistakes give five messages and a failure; nothing is registered and nobody sees a stack", async () => {
  const settings = devSettings();
  settings.azure.location = "West Europe";
  settings.host.computerName = "MFADEV01-TOO-LONG";
  settings.domain.joinUser = "svc-domainjoin";
  settings.publicEndpoint.hostName = "mfa.example.org";
  Object.assign(settings.network, { alowHttpsFrom: ["Internet"] });
  await configure(settings);

  const began = performance.now();
  const { exitCode, output } = await workspace.run(["up", "--yes"]);
  expect(exitCode).not.toBe(0);
  for (const problem of [
    "azure.location",
    "host.computerName",
    "domain.joinUser",
    "publicEndpoint.hostName",
    "network.alowHttpsFrom",
  ]) {
    expect(output).toContain(`mfa-server:${problem}`);
  }
  expect(output).toContain("has 5 problems");
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(await workspace.resources()).toEqual([]);
  // The promise is 3 seconds on an idle machine; tests share theirs.
  expect(performance.now() - began).toBeLessThan(15_000);
});
