import { connect } from "node:net";
import { userInfo } from "node:os";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  hostScriptInput,
  hostScriptText,
  loaderCommandLine,
  scriptLine,
} from "../../../provider/connections/hostCommand.ts";
import { ed25519KeyPair } from "../../support/sshKey.ts";
import { startWindowsHost, type WindowsHost } from "../../support/windowsHost.ts";

let host: WindowsHost;

beforeAll(async () => {
  host = await startWindowsHost();
});
afterAll(() => host.stop());

// What stands first prepares what follows.
describe("one simulated host", { shuffle: false }, () => {
  describe("before the machine exists", () => {
    test("SSH and HTTPS are refused", async () => {
      await expect(dial(host.sshPort)).rejects.toMatchObject({ code: "ECONNREFUSED" });
      await expect(dial(host.httpsPort)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    });

    test("a Run Command is refused", async () => {
      const { body } = await host.control<{ exitCode: number; error: string }>("POST", "/run-command", {
        script: hostScriptText("bootstrap-openssh"),
        parameters: { AuthorizedKey: "ssh-ed25519 AAAA" },
        protectedParameters: { HostPrivateKey: host.keys.host },
      });
      expect(body).toMatchObject({ exitCode: 1, error: expect.stringContaining("not running") });
    });
  });

  describe("a machine that runs", () => {
    beforeAll(() => host.boot());

    test("has the host key that the bootstrap brought, and lets in its key alone", async () => {
      const client = await host.ssh();
      client.end();
      const other = ed25519KeyPair().private;
      await expect(loginWith(other)).rejects.toThrow(/authentication/i);
    });

    test("a second bootstrap changes nothing", async () => {
      const { body } = await host.control<{ output: string }>("POST", "/run-command", {
        script: hostScriptText("bootstrap-openssh"),
        parameters: { AuthorizedKey: authorizedKey(), Port: String(host.sshPort) },
        protectedParameters: { HostPrivateKey: host.keys.host.replaceAll("\n", " ") },
      });
      expect(JSON.parse(body.output)).toEqual({ changed: [], port: host.sshPort });
    });

    test("runs no other script by Run Command", async () => {
      const { body } = await host.control<{ exitCode: number; error: string }>("POST", "/run-command", {
        script: "Get-Process",
      });
      expect(body.exitCode).toBe(1);
      expect(body.error).toContain("does not know this script");
    });

    test.each([
      ["another command line", "whoami", "", /'whoami' is not recognized/],
      ["no line", loaderCommandLine, "", /Invalid JSON/],
      ["an unknown script", loaderCommandLine, scriptLine("agent", "Get-Process"), /scripts\/windows alone/],
      [
        "a text that does not have the announced hash",
        loaderCommandLine,
        JSON.stringify({ ...JSON.parse(scriptLine("agent", hostScriptText("agent"))), sha256: "0".repeat(64) }),
        /announced SHA-256/,
      ],
    ])("refuses %s", async (_, commandLine, line, message) => {
      const { exitCode, stderr, stdout } = await host.run(commandLine, `${line}\n`);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr).toMatch(message);
    });

    test("installs DSC modules in their version, once", async () => {
      const wanted = { modules: [{ name: "NetworkingDsc", version: "9.1.0" }], source: "gallery" };
      const first = await host.run(loaderCommandLine, hostScriptInput("install-dsc-modules", wanted));
      expect(JSON.parse(first.stdout)).toEqual({ installed: ["NetworkingDsc 9.1.0"], present: [] });
      const second = await host.run(loaderCommandLine, hostScriptInput("install-dsc-modules", wanted));
      expect(JSON.parse(second.stdout)).toEqual({ installed: [], present: ["NetworkingDsc 9.1.0"] });
      const wrong = { modules: [{ name: "NetworkingDsc", version: "1.0.0" }], source: "gallery" };
      const refused = await host.run(loaderCommandLine, hostScriptInput("install-dsc-modules", wrong));
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("404") });
    });

    test("restart-iis fails without IIS", async () => {
      const { exitCode, stderr } = await host.run(loaderCommandLine, hostScriptInput("restart-iis", {}));
      expect(exitCode).toBe(1);
      expect(stderr).toContain("W3SVC");
    });
  });

  describe("restarts", () => {
    test("a reboot answers first, then drops the session, and gives another boot id", async () => {
      const agent = await host.agent();
      const before = await agent.request("facts");
      expect(await agent.request("reboot")).toEqual({ id: 2, ok: true, result: {} });
      await agent.closed;
      const after = await eventually(async () => (await host.agent()).request("facts"));
      expect(bootId(after)).not.toBe(bootId(before));
    });

    test("the state survives a restart of the simulation", async () => {
      const { body: before } = await host.control("GET", "/state");
      await host.restart();
      expect((await host.control("GET", "/state")).body).toEqual(before);
      const agent = await host.agent();
      expect(agent.hello).toMatchObject({ agent: "mfakit", protocol: 1, computerName: "MFADEV01" });
      agent.close();
    });

    test("powering off wipes the machine", async () => {
      await host.control("POST", "/power-off");
      expect((await host.control("GET", "/state")).body).toEqual({ version: 1 });
      await expect(dial(host.sshPort)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    });
  });

  test("nothing of it outlives a killed process", async () => {
    await host.boot();
    await dial(host.sshPort);
    process.kill(host.pid, "SIGKILL");
    await eventually(() => expect(dial(host.sshPort)).rejects.toMatchObject({ code: "ECONNREFUSED" }));
    await host.restart();
    await dial(host.sshPort);
  });
});

function bootId(answer: Record<string, unknown>): string {
  return (answer.result as { bootId: string }).bootId;
}

function dial(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host.address, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}

async function loginWith(privateKey: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const client = new ssh2.Client();
    client.once("ready", () => {
      client.end();
      resolve();
    });
    client.once("error", reject);
    client.connect({ host: host.address, port: host.sshPort, username: userInfo().username, privateKey });
  });
}

function authorizedKey(): string {
  const parsed = ssh2.utils.parseKey(host.keys.user);
  if (parsed instanceof Error) throw parsed;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  return `ssh-ed25519 ${key?.getPublicSSH().toString("base64")} test`;
}

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
