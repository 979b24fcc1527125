import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { finished, startTestCloud, stateText, type TestCloud } from "../../support/azureCloud.ts";
import { freePort } from "../../support/freePort.ts";
import { type ControlSocket, startControlSocket } from "./controlSocket.ts";
import { fixtures, ids, machineParts, make, path, securityRuleBody } from "./fixtures.ts";

describe("the simulated host behind a virtual machine", { shuffle: false }, () => {
  const directory = mkdtempSync(join(tmpdir(), "mfakit-host-"));
  let control: ControlSocket;
  let site: Server;
  let cloud: TestCloud;
  let publicPort: number;

  beforeAll(async () => {
    control = await startControlSocket(directory);
    // Stands for the host's own port 443: says whom it greets.
    site = createServer((socket) => socket.end("the host answers\n"));
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    publicPort = await freePort();
    cloud = await startTestCloud({
      publicPort,
      host: {
        controlSocket: control.path,
        privateIpAddress: "10.20.1.10",
        address: "127.0.0.1",
        httpsPort: (site.address() as AddressInfo).port,
      },
    });
  });
  afterAll(async () => {
    await cloud?.stop();
    await control?.close();
    site?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const address = () => cloud.address.replace(/\.20$/, ".31");
  /** What a client reads at the public address, or the error code of its connection. */
  const knock = () =>
    new Promise<string>((resolve) => {
      const socket = connect(publicPort, address());
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
      socket.once("close", () => resolve(text));
    });
  const rule = (changes: Record<string, unknown>) => cloud.put(path(fixtures.rule), securityRuleBody(changes));

  it("is powered on when the machine is created, and once", async () => {
    const shown = await make(cloud, ...machineParts);
    const vm = shown.at(-1) as { properties: { vmId: string } };
    await cloud.put(path(fixtures.vm), fixtures.vm.body);
    expect(control.calls).toEqual([
      { path: "/power-on", body: { vmId: vm.properties.vmId, computerName: "MFADEV01", adminUsername: "mfaadmin" } },
    ]);
  });

  it("runs a managed Run Command with its parameters, and keeps the last output", async () => {
    await cloud.put(path(fixtures.runCommand), fixtures.runCommand.body);
    expect(control.calls.at(-1)).toEqual({
      path: "/run-command",
      body: {
        script: (fixtures.runCommand.body.properties as { source: { script: string } }).source.script,
        parameters: { Port: "22" },
        protectedParameters: { HostPrivateKey: "a-protected-value" },
      },
    });
    const plain = (await cloud.arm("GET", path(fixtures.runCommand))).body;
    const expanded = (await cloud.arm("GET", `${path(fixtures.runCommand)}&$expand=instanceView`)).body;
    expect(plain.properties.instanceView).toBeUndefined();
    expect(expanded.properties.instanceView).toMatchObject({
      executionState: "Succeeded",
      exitCode: 0,
      output: "done\n",
    });
    expect(stateText(cloud)).not.toContain("a-protected-value");
  });

  it("fails a Run Command whose script fails, when it is asked to", async () => {
    control.result = { exitCode: 3, output: "", error: "no such port" };
    const accepted = await cloud.arm("PUT", path(fixtures.runCommand), fixtures.runCommand.body);
    await expect(finished(accepted, cloud.arm)).rejects.toThrow(/VMRunCommandFailed.*exit code 3: no such port/);
    const tolerant = {
      properties: { ...(fixtures.runCommand.body.properties as object), treatFailureAsDeploymentFailure: false },
    };
    const shown = await cloud.put(path(fixtures.runCommand), { ...fixtures.runCommand.body, ...tolerant });
    expect(shown.properties.provisioningState).toBe("Succeeded");
    control.result = { exitCode: 0, output: "done\n", error: "" };
  });

  it("runs the action form of Run Command, output in the answer", async () => {
    const action = `${ids.vm}/runCommand?api-version=2024-11-01`;
    const accepted = await cloud.arm("POST", action, { commandId: "RunPowerShellScript", script: ["Get-Date"] });
    expect(accepted.status).toBe(202);
    await finished(accepted, cloud.arm);
    const { pathname, search } = new URL(accepted.headers.location as string);
    const { body } = await cloud.arm("GET", pathname + search);
    expect(body.value[0]).toMatchObject({ code: "ComponentStatus/StdOut/succeeded", message: "done\n" });
  });

  it("answers at the public address while the security group lets the Internet in", async () => {
    expect(await knock()).toBe("the host answers\n");
  });

  it.each([
    ["denies", { access: "Deny" }],
    ["opens another port", { destinationPortRange: "80" }],
    ["lets in somebody else", { sourceAddressPrefix: "203.0.113.0/24" }],
    ["opens UDP", { protocol: "Udp" }],
  ])("does not when the rule %s", async (_, changes) => {
    await rule(changes);
    await expect.poll(knock).toBe("ECONNREFUSED");
    await rule({});
    await expect.poll(knock).toBe("the host answers\n");
  });

  it("obeys the first rule that matches", async () => {
    const deny = `${ids.nsg}/securityRules/deny-first?api-version=2024-05-01`;
    await rule({ priority: 200 });
    await cloud.put(
      deny,
      securityRuleBody({
        priority: 150,
        access: "Deny",
        sourceAddressPrefix: "*",
        protocol: "*",
        destinationPortRange: "*",
      }),
    );
    await expect.poll(knock).toBe("ECONNREFUSED");
    await finished(await cloud.arm("DELETE", deny), cloud.arm);
    await expect.poll(knock).toBe("the host answers\n");
  });

  it("answers again after a restart of the cloud, and is not powered on anew", async () => {
    const before = control.calls.length;
    await cloud.restart();
    await expect.poll(knock).toBe("the host answers\n");
    expect(control.calls).toHaveLength(before);
  });

  it("is wiped with the machine, and the public address falls silent", async () => {
    await finished(await cloud.arm("DELETE", path(fixtures.vm)), cloud.arm);
    expect(control.calls.at(-1)).toEqual({ path: "/power-off", body: {} });
    await expect.poll(knock).toBe("ECONNREFUSED");
  });
});
