import { afterAll, beforeAll, expect, test } from "vitest";
import { compareInputs } from "../../provider/engine/difference.ts";
import type { ProviderHandlers } from "../../provider/engine/handlers.ts";
import { serveProvider } from "../../provider/engine/server.ts";
import { type Properties, Secret, UNKNOWN } from "../../provider/engine/values.ts";
import { devSettings } from "../support/environment.ts";
import { computedOutputs } from "./computedOutputs.ts";
import { type ProjectWorkspace, projectWorkspace } from "./projectWorkspace.ts";

/** Every call that changes something, as `create <name>`. */
const calls: string[] = [];
let workspace: ProjectWorkspace;
let servers: { port: number; close(): Promise<void> }[];

/** Keeps what it is given and computes what the program needs; replaces nothing of its own accord. */
const shelf: ProviderHandlers<object> = {
  configure: () => ({}),
  diff({ oldInputs, newInputs }) {
    const { changes } = compareInputs(oldInputs, newInputs);
    const detailedDiff = Object.fromEntries(
      Object.entries(changes).map(([path, kind]) => [path, { kind, inputDiff: true }]),
    );
    return { changes: Object.keys(changes).length > 0 ? "some" : "none", detailedDiff };
  },
  create({ type, name, inputs, preview }) {
    const computed = computedOutputs(type, inputs, (value) => new Secret(value)) as Properties;
    if (!preview) calls.push(`create ${name}`);
    const unknown: Properties = Object.fromEntries(Object.keys(computed).map((each) => [each, UNKNOWN]));
    return { id: preview ? "" : `id-of-${name}`, outputs: { ...inputs, ...(preview ? unknown : computed) } };
  },
  read: ({ id, inputs, outputs }) => ({ id, inputs: inputs ?? {}, outputs: outputs ?? {} }),
  update({ type, name, newInputs, preview }) {
    if (!preview) calls.push(`update ${name}`);
    return { ...newInputs, ...(computedOutputs(type, newInputs, (value) => new Secret(value)) as Properties) };
  },
  delete({ name }) {
    calls.push(`delete ${name}`);
  },
};

beforeAll(async () => {
  const names = ["azure-native", "mfakit", "command"];
  servers = await Promise.all(names.map((name) => serveProvider({ name, version: "1.0.0", handlers: shelf })));
  workspace = await projectWorkspace({
    PULUMI_DEBUG_PROVIDERS: names.map((name, index) => `${name}:${servers[index]?.port}`).join(","),
  });
  await workspace.configure(devSettings());
});
afterAll(async () => {
  await workspace.remove();
  for (const server of servers) await server.close();
});

const isOnHost = (name: string) => /^(web-server|mfa-server|web-service-sdk|user-portal|mobile-app)-/.test(name);
const called = (verb: string) =>
  calls.filter((call) => call.startsWith(`${verb} `)).map((call) => call.slice(verb.length + 1));

test("deploys, stays silent, replaces the host with everything on it, and is destroyed", {
  timeout: 600_000,
}, async () => {
  await workspace.succeed(["up", "--yes", "--skip-preview"]);
  const made = called("create");
  expect(made).toEqual(expect.arrayContaining(["host-vm", "web-server-site", "user-portal-web-config"]));
  expect(made.indexOf("host-domain-join")).toBeLessThan(made.indexOf("host-openssh"));
  expect(made.indexOf("web-server-feature-web-server")).toBeGreaterThan(made.indexOf("host-dsc-modules"));

  await workspace.succeed(["preview", "--expect-no-changes"]);
  await workspace.succeed(["preview", "--refresh", "--expect-no-changes"]);

  // Azure would refuse another administrator password: it is not even planned.
  await workspace.setSecrets({ adminPassword: "Another-Password-Of-Tests-7" });
  await workspace.succeed(["preview", "--expect-no-changes"]);

  calls.length = 0;
  const settings = devSettings();
  settings.host.image = { ...settings.host.image, version: "14393.7876.250306" } as never;
  await workspace.configure(settings);
  const plan = await workspace.succeed(["preview", "--diff"]);
  expect(plan.output).toMatch(/VirtualMachine: \(replace\)|virtualMachine.*replace/i);
  await workspace.succeed(["up", "--yes", "--skip-preview"]);
  const onHost = made.filter(isOnHost);
  expect(called("create")).toEqual(
    expect.arrayContaining(["host-vm", "host-domain-join", "host-openssh", "host-dsc-modules", ...onHost]),
  );
  // First everything on the old machine, then the machine; then the new one, and only then what is on it.
  const position = (call: string) => calls.indexOf(call);
  for (const name of onHost) {
    expect(position(`delete ${name}`)).toBeLessThan(position("delete host-vm"));
    expect(position(`create ${name}`)).toBeGreaterThan(position("create host-dsc-modules"));
  }
  expect(position("create host-vm")).toBeGreaterThan(position("delete host-vm"));
  expect(called("create").filter((name) => /^(network|directory|endpoint)-/.test(name))).toEqual([]);

  calls.length = 0;
  await workspace.succeed(["destroy", "--yes", "--skip-preview"]);
  expect(called("delete").filter(isOnHost)).toEqual([]);
  expect(called("delete")).toEqual(
    expect.arrayContaining(["host-vm", "network-vnet", "directory-mfa-users", "endpoint-a-record"]),
  );
  expect(await workspace.resources()).toEqual([]);
});
