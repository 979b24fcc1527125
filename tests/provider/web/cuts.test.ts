import { beforeEach, describe, expect, test } from "vitest";
import { openHost } from "../../../provider/connections/host.ts";
import { configFileLifecycle as lifecycle } from "../../../provider/web/lifecycle.ts";
import { configFileInputs } from "../../../provider/web/schema.ts";
import { startCuttingProxy } from "../../support/cuttingProxy.ts";
import { hostContext } from "../../support/lifecycle.ts";
import { MemoryAgent } from "../../support/memoryAgent.ts";
import { startSshServer } from "../../support/sshServer.ts";

const path = "C:\\inetpub\\wwwroot\\MultiFactorAuth\\web.config";
const file = (value: string) =>
  `<configuration><appSettings><add key="A" value="${value}"/></appSettings></configuration>`;
const inputs = configFileInputs.parse({ path, appSettings: { A: "new" }, applicationPool: "DefaultAppPool" });

let agent: MemoryAgent;
beforeEach(() => {
  agent = new MemoryAgent();
  agent.files.set(path, Buffer.from(file("old")));
});

/** Deploys the file over a connection that is cut after so many bytes from the host. */
async function deploy(cutAfter?: number) {
  const server = await startSshServer(agent.program);
  const proxy = await startCuttingProxy(server.connection.port, cutAfter);
  const host = await openHost({ ...server.connection, port: proxy.port });
  try {
    const { outputs } = await lifecycle.create(inputs, hostContext(host).context);
    return { outputs, bytes: proxy.passed, connections: proxy.connections, commands: server.commands.length };
  } finally {
    await host.close();
    await proxy.close();
    await server.close();
  }
}

describe("a connection that is cut", () => {
  // From the first byte of SSH's greeting over the key exchange, the log-on, the agent's greeting and each answer to the last one.
  const shares = Array.from({ length: 20 }, (_, index) => index / 20);

  test.each(shares)("at %d of what the host says is made again, and the deployment ends well", async (share) => {
    const whole = await deploy();
    agent.files.set(path, Buffer.from(file("old")));
    agent.recycled.length = 0;

    const { outputs, connections } = await deploy(Math.floor(whole.bytes * share));

    expect(connections).toBe(2);
    expect(agent.files.get(path)?.toString()).toBe(file("new"));
    expect(outputs.appSettings).toEqual({ A: "new" });
    // At least once; a recycle whose answer was lost is done again.
    expect(agent.recycled.length).toBeGreaterThan(0);
  });

  test("never leaves a file that is neither old nor new, and the next deployment has nothing to write", async () => {
    const written = new Set<string>();
    const { bytes } = await deploy();
    for (const share of shares) {
      agent.files.set(path, Buffer.from(file("old")));
      await deploy(Math.floor(bytes * share));
      written.add(String(agent.files.get(path)));
      const before = agent.methods().length;
      await deploy();
      expect(agent.methods().slice(before)).toEqual(["file.read"]);
    }
    expect([...written]).toEqual([file("new")]);
  });
});
