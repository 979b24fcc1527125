import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { Empty } from "../../../provider/engine/protocol.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { engineLog, ProtocolClient } from "./shelf/client.ts";

const launcher = path.resolve(import.meta.dirname, "../../../provider/pulumi-resource-mfakit");
const closing: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts the provider as the engine does, and waits for the port that it announces. */
async function start(file: string, engineAddress?: string) {
  const child = spawn(file, engineAddress ? [engineAddress] : [], { cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  closing.push(() => endOf(child, ended));
  let stdout = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (/^\d+\n/.test(stdout)) resolve(Number.parseInt(stdout, 10));
    });
    ended.then(() => reject(new Error(`ended before it announced a port: ${stdout}`)));
  });
  return { child, port, ended, stdout: () => stdout };
}

function endOf(child: ChildProcess, ended: Promise<unknown>): Promise<unknown> {
  if (child.exitCode === null) child.kill("SIGKILL");
  return ended;
}

describe("the provider's executable", () => {
  it("starts from anywhere, through symbolic links, and announces nothing but its port", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "mfakit-launcher-"));
    closing.push(() => rm(folder, { recursive: true }));
    await symlink(launcher, path.join(folder, "direct"));
    await symlink("direct", path.join(folder, "pulumi-resource-mfakit"));
    const { port, stdout } = await start(path.join(folder, "pulumi-resource-mfakit"));
    const client = new ProtocolClient(port);
    closing.push(() => client.close());
    expect((await client.call("getPluginInfo", new Empty())).getVersion()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(stdout()).toBe(`${port}\n`);
  });

  it("ends at once when the engine interrupts it", async () => {
    const engine = await engineLog();
    closing.push(engine.close);
    const { child, ended } = await start(launcher, engine.address);
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  it("ends when the engine that started it dies", async () => {
    const engine = await engineLog();
    closing.push(engine.close);
    const { child, ended } = await start(launcher, engine.address);
    child.stdin?.end();
    expect(await ended).toBe(0);
  });

  it("stays without an engine, for engines that attach", async () => {
    const { child, port } = await start(launcher);
    child.stdin?.end();
    const client = new ProtocolClient(port);
    closing.push(() => client.close());
    await client.attach("127.0.0.1:1");
    expect(child.exitCode).toBeNull();
  });
});

describe("the package schema", () => {
  let workspace: Workspace;
  // biome-ignore lint/suspicious/noExplicitAny: the schema is JSON of the engine's making
  let schema: any;

  beforeAll(async () => {
    workspace = await createWorkspace({});
    const { stdout } = await workspace.succeed(["package", "get-schema", launcher]);
    schema = JSON.parse(stdout);
    return () => workspace.remove();
  });

  it("is accepted by the engine's own check", async () => {
    const file = path.join(workspace.directory, "schema.json");
    await writeFile(file, JSON.stringify(schema));
    const { output } = await workspace.succeed(["schema", "check", file]);
    expect(output).not.toMatch(/error/i);
  });

  it("describes every resource", () => {
    expect(Object.keys(schema.resources).toSorted()).toEqual([
      "mfakit:acme:Certificate",
      "mfakit:acme:ProvidedCertificate",
      "mfakit:acme:ServedCertificate",
      "mfakit:directory:DomainJoin",
      "mfakit:directory:Group",
      "mfakit:directory:Membership",
      "mfakit:directory:OrganizationalUnit",
      "mfakit:directory:User",
      "mfakit:dsc:Resource",
      "mfakit:entra:Arrival",
      "mfakit:entra:Licences",
      "mfakit:entra:Password",
      "mfakit:host:ReplacementGuard",
      "mfakit:keyVault:Certificate",
      "mfakit:keyVault:Delivery",
      "mfakit:web:ConfigFile",
    ]);
  });

  it("says what is required, what has which default, and what is secret", () => {
    const group = schema.resources["mfakit:directory:Group"];
    expect(group.requiredInputs).toEqual(["name", "organizationalUnit"]);
    expect(group.inputProperties.adopt).toMatchObject({ type: "boolean", default: false });
    const scope = schema.types[group.inputProperties.scope.$ref.replace("#/types/", "")];
    expect(scope.enum).toEqual([{ value: "DomainLocal" }, { value: "Global" }, { value: "Universal" }]);
    expect(schema.resources["mfakit:acme:Certificate"].properties.pfxPassword).toMatchObject({ secret: true });
    const directory = schema.types[schema.provider.inputProperties.directory.$ref.replace("#/types/", "")];
    expect(directory.properties.bindPassword).toEqual({ type: "string", secret: true });
    expect(directory.required).toContain("bindPassword");
  });
});
