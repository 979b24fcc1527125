import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { MemoryAgent } from "../../support/memoryAgent.ts";
import { startSshServer, type TestSshServer } from "../../support/sshServer.ts";

const root = new URL("../../../", import.meta.url).pathname;
const path = "C:\\inetpub\\wwwroot\\MultiFactorAuth\\web.config";
const file = `<configuration><appSettings><add key="ACCOUNT_PASSWORD" value=""/><add key="USE_WEB_SERVICE_SDK" value="false"/></appSettings></configuration>`;
const password = "correct-horse&battery";
const poolPassword = "another-horse-battery";

interface Wishes {
  site?: object;
  sdk?: string;
}

/** A site, a pool with a secret credential and a configuration file with a secret setting, on one host. */
const program = (host: object, { site = {}, sdk = "true" }: Wishes = {}) => `
  import * as pulumi from "@pulumi/pulumi";
  import { webAppPool, webSite } from "${root}provider/dsc/generated/webAdministrationDsc.ts";
  import { Provider } from "${root}provider/resource.ts";
  import { ConfigFile } from "${root}provider/web/resource.ts";
  const host = ${JSON.stringify(host)};
  const provider = new Provider("mfakit", { host: { ...host, privateKey: pulumi.secret(host.privateKey) } });
  webSite("site", { Name: "Default Web Site", Ensure: "Present", State: "Started", ...${JSON.stringify(site)} }, { provider });
  webAppPool("pool", { Name: "Portal", Ensure: "Present", Credential: { userName: "CORP\\\\PFUP", password: pulumi.secret("${poolPassword}") } }, { provider, onDestroy: "revert" });
  new ConfigFile("portal", {
    path: ${JSON.stringify(path)},
    appSettings: { ACCOUNT_PASSWORD: pulumi.secret("${password}"), USE_WEB_SERVICE_SDK: "${sdk}" },
  }, { provider });
`;

describe("a Windows host under the real engine", { timeout: 240_000, shuffle: false }, () => {
  let agent: MemoryAgent;
  let server: TestSshServer;
  let stack: Workspace;

  beforeAll(async () => {
    agent = new MemoryAgent();
    server = await startSshServer(agent.program);
    stack = await createWorkspace({ program: program(server.connection), plugins: { mfakit: `${root}provider` } });
  });
  afterAll(() => Promise.all([stack?.remove(), server?.close()]));

  test("a preview of what is new does not connect, and refuses what the module does not have", async () => {
    await stack.setProgram(
      program({ ...server.connection, port: 9 }, { site: { PhysicalPaht: "C:\\x", SiteId: "one" } }),
    );
    const refused = await stack.run(["preview"]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain(
      'properties.PhysicalPaht: "PhysicalPaht" is no property of WebSite. Did you mean PhysicalPath?',
    );
    expect(refused.output).toContain(
      "properties.SiteId: It is a string, but the module takes a whole number (uint32).",
    );
    await stack.setProgram(program(server.connection));
    await stack.succeed(["preview"]);
    expect(server.accepted()).toBe(0);
  });

  test("up makes the state over one connection, and no secret is in the clear", async () => {
    agent.files.set(path, Buffer.from(file));
    const up = await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(server.accepted()).toBe(1);
    expect(agent.states.get("WebAdministrationDsc/WebSite/Default Web Site")).toMatchObject({ State: "Started" });
    expect(agent.files.get(path)?.toString()).toContain(`key="ACCOUNT_PASSWORD" value="correct-horse&amp;battery"`);
    const state = await stack.stateText();
    for (const secret of [password, poolPassword, "PRIVATE KEY"]) {
      expect(up.output).not.toContain(secret);
      expect(state).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  });

  test("nothing changed, nothing planned: with and without a look at the host", async () => {
    await stack.succeed(["preview", "--expect-no-changes"]);
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
    await stack.succeed(["refresh", "--yes", "--skip-preview", "--expect-no-changes"]);
  });

  test("drift names the property of the resource and the key of the file, and up mends both", async () => {
    Object.assign(agent.states.get("WebAdministrationDsc/WebSite/Default Web Site") ?? {}, { State: "Stopped" });
    const tampered = agent.files.get(path)?.toString().replace('value="true"', 'value="false"') ?? "";
    agent.files.set(path, Buffer.from(tampered));
    const drift = await stack.succeed(["preview", "--refresh", "--diff"]);
    expect(drift.output).toMatch(/State\s*: "Stopped" => "Started"/);
    expect(drift.output).toContain("USE_WEB_SERVICE_SDK");
    expect(drift.output).not.toContain(password);
    await stack.succeed(["up", "--refresh", "--yes", "--skip-preview"]);
    expect(agent.states.get("WebAdministrationDsc/WebSite/Default Web Site")).toMatchObject({ State: "Started" });
    expect(agent.files.get(path)?.toString()).toContain('key="USE_WEB_SERVICE_SDK" value="true"');
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  test("one changed setting changes one resource", async () => {
    agent.requests.length = 0;
    await stack.setProgram(program(server.connection, { sdk: "false" }));
    const plan = await stack.succeed(["preview", "--diff"]);
    expect(plan.output).toContain("1 to update");
    await stack.succeed(["up", "--yes", "--skip-preview"]);
    expect(agent.methods()).toEqual(["file.read", "file.write", "file.read"]);
  });

  test("a host that does not answer is an error of a refresh, never a resource that is gone", async () => {
    const { port } = server.connection;
    await server.close();
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    expect(refresh.exitCode).not.toBe(0);
    expect(refresh.output).toContain("does not answer SSH");
    server = await startSshServer(agent.program, { port, keys: server.keys });
    await stack.succeed(["preview", "--refresh", "--expect-no-changes"]);
  });

  test("destroy reverts what it was asked to revert and keeps the rest", async () => {
    await stack.succeed(["destroy", "--yes", "--skip-preview"]);
    expect([...agent.states.keys()]).toEqual(["WebAdministrationDsc/WebSite/Default Web Site"]);
    expect(agent.files.get(path)?.toString()).toContain('key="USE_WEB_SERVICE_SDK" value="false"');
  });
});
