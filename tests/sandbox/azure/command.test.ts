import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "../../support/azureCloud.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import { startSshServer, type TestSshServer } from "../../support/sshServer.ts";

describe("the command provider, driven by the real engine", { shuffle: false }, () => {
  let cloud: TestCloud;
  let server: TestSshServer;
  let workspace: Workspace;
  const inputs: string[] = [];

  beforeAll(async () => {
    cloud = await startTestCloud();
    server = await startSshServer((channel, command) => {
      let stdin = "";
      channel.on("data", (chunk: Buffer) => {
        stdin += chunk.toString();
      });
      channel.on("end", () => {
        inputs.push(stdin);
        channel.write(`ran ${command} with ${stdin.length} characters\n`);
        channel.exit(command.startsWith("fail") ? 4 : 0);
        channel.end();
      });
    });
    workspace = await createWorkspace({ program: program(), env: { PULUMI_DEBUG_PROVIDERS: cloud.debugProviders } });
  });
  afterAll(async () => {
    await workspace?.remove();
    await server?.close();
    await cloud?.stop();
  });

  function program(
    changes: { create?: string; stdin?: string; triggers?: string; hostKey?: string; local?: string } = {},
  ): string {
    const { address, port, user, hostKey, privateKey } = server.connection;
    const connection = {
      host: address,
      port,
      user,
      privateKey,
      hostKey: changes.hostKey ?? hostKey,
      dialErrorLimit: 0,
    };
    return `
import { Command } from "@pulumi/command/remote/index.js";
import { Command as Local } from "@pulumi/command/local/index.js";
const remote = new Command("remote", {
  connection: ${JSON.stringify(connection)},
  create: ${JSON.stringify(changes.create ?? "make")}, delete: "unmake", stdin: ${JSON.stringify(changes.stdin ?? "secret-on-stdin")},
  triggers: [${JSON.stringify(changes.triggers ?? "one")}], addPreviousOutputInEnv: false,
});
export const stdout = remote.stdout;
export const said = new Local("local", { create: ${JSON.stringify(changes.local ?? 'printf "%s " "$GREETING"; cat')}, environment: { GREETING: "hello" }, stdin: "input" }).stdout;
`;
  }

  it("runs create once, over SSH with the pinned key, with stdin as its input", async () => {
    await workspace.succeed(["preview"]);
    expect(server.commands).toEqual([]);
    await workspace.succeed(["up", "--yes"]);
    await workspace.succeed(["up", "--yes", "--refresh", "--expect-no-changes"]);
    expect([server.commands, inputs]).toEqual([["make"], ["secret-on-stdin"]]);
    expect(await workspace.outputs()).toEqual({ stdout: "ran make with 15 characters", said: "hello input" });
  });

  it("keeps the connection secret", async () => {
    const state = await workspace.stateText();
    expect(state).toContain("command:remote:Command");
    expect(state).not.toContain("PRIVATE KEY");
  });

  it("runs again when an input changes, and replaces when a trigger does", async () => {
    await workspace.setProgram(program({ stdin: "other" }));
    await workspace.succeed(["up", "--yes"]);
    expect(server.commands.slice(1)).toEqual(["make"]);
    await workspace.setProgram(program({ stdin: "other", triggers: "two" }));
    await workspace.succeed(["up", "--yes"]);
    expect(server.commands.slice(2)).toEqual(["make", "unmake"]);
  });

  it("fails with the command and its output", async () => {
    await workspace.setProgram(program({ create: "fail hard", stdin: "other", triggers: "two" }));
    const { exitCode, output } = await workspace.run(["up", "--yes"]);
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Process exited with status 4: running "fail hard"');
    await workspace.setProgram(program({ stdin: "other", triggers: "two", local: "exit 7" }));
    expect((await workspace.run(["up", "--yes"])).output).toContain("exit status 7");
  });

  it("does not talk to a host with another key", async () => {
    const other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGX+zDYfe4vfTDx3bGDxE1WqQYb4jbN1bZfh0bqRhZf7";
    const before = server.commands.length;
    await workspace.setProgram(program({ create: "make two", hostKey: other, triggers: "two" }));
    const { exitCode, output } = await workspace.run(["up", "--yes"]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/after 1 failed attempts/);
    expect(server.commands).toHaveLength(before);
  });

  it("runs delete on destroy", async () => {
    await workspace.setProgram(program());
    await workspace.succeed(["up", "--yes"]);
    await workspace.succeed(["destroy", "--yes"]);
    expect(server.commands.at(-1)).toBe("unmake");
  });
});
