import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ProviderHandlers } from "../../../provider/engine/handlers.ts";
import { serveProvider } from "../../../provider/engine/server.ts";
import { type Properties, Secret, UNKNOWN } from "../../../provider/engine/values.ts";
import { computedOutputs } from "../../components/computedOutputs.ts";
import { type ProjectWorkspace, projectWorkspace } from "../../components/projectWorkspace.ts";
import { devSecrets, devSettings, projectDirectory } from "../../support/environment.ts";
import { Folder, mfakit, mfakitBeside, reportOf, ruleIn } from "./mfakit.ts";

/** Keeps what it is given and computes what the program needs. */
const shelf: ProviderHandlers<object> = {
  configure: () => ({}),
  create({ type, name, inputs, preview }) {
    const computed = computedOutputs(type, inputs, (value) => new Secret(value)) as Properties;
    const unknown: Properties = Object.fromEntries(Object.keys(computed).map((each) => [each, UNKNOWN]));
    return { id: preview ? "" : `id-of-${name}`, outputs: { ...inputs, ...(preview ? unknown : computed) } };
  },
  read: ({ id, inputs, outputs }) => ({ id, inputs: inputs ?? {}, outputs: outputs ?? {} }),
  update: ({ type, newInputs }) => ({
    ...newInputs,
    ...(computedOutputs(type, newInputs, (value) => new Secret(value)) as Properties),
  }),
  delete: () => undefined,
};

let workspace: ProjectWorkspace;
let servers: { port: number; close(): Promise<void> }[];
const folder = new Folder();
const secrets = devSecrets();

beforeAll(async () => {
  const names = ["azure-native", "mfakit", "command"];
  servers = await Promise.all(names.map((name) => serveProvider({ name, version: "1.0.0", handlers: shelf })));
  workspace = await projectWorkspace({
    PULUMI_DEBUG_PROVIDERS: names.map((name, index) => `${name}:${servers[index]?.port}`).join(","),
  });
  await workspace.setSecrets(secrets);
  await workspace.configure(devSettings());
});
afterAll(async () => {
  folder.remove();
  await workspace.remove();
  for (const server of servers) await server.close();
});

/** What was printed, when no secret of the environment is in it. */
function withoutSecrets<T extends { stdout: string; stderr: string }>(ran: T): T {
  for (const [name, value] of Object.entries(secrets)) {
    const line = value.split("\n").find((each) => each.length > 7 && !each.startsWith("-----")) ?? value;
    expect((ran.stdout + ran.stderr).includes(line), `${name} in the output`).toBe(false);
  }
  return ran;
}

test("previews the context with the engine and points at the program's lines", async () => {
  const { PULUMI_STACK: _, PATH: __, ...environment } = workspace.env;
  const configFile = join(workspace.directory, "Pulumi.dev.yaml");
  const context = folder.file("context.json", { name: "a test", stack: "dev", configFile, environment });
  const report = reportOf(withoutSecrets(await mfakitBeside(["review", "--context", context, "--format", "json"])));
  expect(report).toMatchObject({ project: "mfa-server", stack: "dev", source: "preview", origin: "a test" });
  // Nothing is deployed yet: what a deployment finds out is open, and not green.
  expect(report.counts.cannotTell).toBeGreaterThan(0);
  const [finding] = ruleIn(report, "MFA-HOST-004").findings;
  expect(finding?.program?.file).toBe("components/platform/WindowsHost.ts");
  const lines = readFileSync(join(projectDirectory, finding?.program?.file ?? ""), "utf8").split("\n");
  expect(lines[(finding?.program?.line ?? 0) - 1]).toContain("new VirtualMachine(");
});

test("a saved preview says the same as the engine's own, and secrets are masked in it", async () => {
  const { stdout } = await workspace.succeed(["preview", "--json"]);
  const file = folder.file("preview.json", stdout);
  const report = reportOf(withoutSecrets(mfakit(["review", "--preview", file, "--format", "json"])));
  expect(report.resources).toBeGreaterThan(50);
  expect(ruleIn(report, "MFA-HOST-004").status).toBe("fail");
  expect(ruleIn(report, "MFA-SEC-001").findings).toEqual([]);
});

test("a state with its secrets opened shows none of them, and knows what the preview did not", async () => {
  await workspace.succeed(["up", "--yes", "--skip-preview"]);
  const { stdout } = await workspace.succeed(["stack", "export", "--show-secrets"]);
  expect(stdout.includes(secrets.adminPassword)).toBe(true);
  const file = folder.file("state.json", stdout);
  const report = reportOf(withoutSecrets(mfakit(["review", "--state", file, "--format", "json"])));
  for (const format of ["table", "html", "sarif"])
    withoutSecrets(mfakit(["review", "--state", file, "--format", format]));
  expect(report.source).toBe("state");
  expect(ruleIn(report, "MFA-CERT-002").status).toBe("pass");
  await workspace.succeed(["destroy", "--yes", "--skip-preview"]);
});

test("a preview that the program refuses is exit code 2, in its words", async () => {
  const { PULUMI_STACK: _, PATH: __, ...environment } = workspace.env;
  const configFile = folder.file("wrong.yaml", "config:\n  mfa-server:host: {computerName: THIS-NAME-IS-TOO-LONG}\n");
  const context = folder.file("wrong.json", { name: "wrong", stack: "dev", configFile, environment });
  const { status, stdout, stderr } = await mfakitBeside(["review", "--context", context]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("mfa-server:host.computerName");
});
