import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type HostSession, openHost } from "../../../provider/connections/host.ts";
import { delivery } from "../../../provider/keyVault/definition.ts";
import { hostContext } from "../../support/lifecycle.ts";
import { MemoryAgent } from "../../support/memoryAgent.ts";
import { startSshServer, type TestSshServer } from "../../support/sshServer.ts";

const { lifecycle } = delivery;
const thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567";
const inputs = { thumbprint, timeoutMinutes: 1, pollSeconds: 0.01 };

describe("the delivery of a certificate to the host", () => {
  let agent: MemoryAgent;
  let server: TestSshServer;
  let host: HostSession;
  let context: ReturnType<typeof hostContext>["context"];
  let progress: string[];
  let warnings: string[];
  /** Looks after which the certificate is in the store. */
  let looksUntilThere: number;

  beforeEach(async () => {
    agent = new MemoryAgent();
    looksUntilThere = 0;
    agent.intercept = ({ method }) =>
      method === "dsc.get"
        ? { result: { current: {}, inDesiredState: agent.methods().length > looksUntilThere } }
        : undefined;
    server = await startSshServer(agent.program);
    host = await openHost(server.connection);
    ({ context, progress, warnings } = hostContext(host));
    // The waiting is about real time.
    context = { ...context, now: () => new Date() };
  });
  afterEach(async () => {
    await host.close();
    await server.close();
  });

  test("is waited for, and asks the module without importing anything", async () => {
    looksUntilThere = 3;
    const { outputs } = await lifecycle.create(inputs, context);
    expect(outputs).toEqual({ thumbprint });
    expect(agent.methods()).toEqual(["dsc.get", "dsc.get", "dsc.get", "dsc.get"]);
    expect(agent.requests[0]?.params).toMatchObject({
      module: "CertificateDsc",
      resource: "PfxImport",
      properties: { Thumbprint: thumbprint, Location: "LocalMachine", Store: "My", Ensure: "Present" },
    });
    expect(progress).toContain(`waiting for the Key Vault extension to bring ${thumbprint} (0 of 1 min)`);
  });

  test("is late at the deadline, and says where to look", async () => {
    looksUntilThere = Number.POSITIVE_INFINITY;
    await expect(lifecycle.create({ ...inputs, timeoutMinutes: 0.001 }, context)).rejects.toMatchObject({
      code: "KEY_VAULT_DELIVERY_LATE",
      message: expect.stringContaining("Key Vault Secrets User"),
    });
  });

  test("counts as gone when the certificate has left the store", async () => {
    const { id, outputs } = await lifecycle.create(inputs, context);
    expect(await lifecycle.read(id, { inputs, outputs }, context)).toEqual({ id, inputs, outputs });
    expect(warnings).toEqual([]);
    looksUntilThere = Number.POSITIVE_INFINITY;
    expect(await lifecycle.read(id, { inputs, outputs }, context)).toBeUndefined();
    expect(warnings).toEqual([`The certificate ${thumbprint} is no longer in the host's store.`]);
  });

  test("is waited for again with another certificate, and not with another patience", async () => {
    const diff = (change: object) => lifecycle.diff?.("id", inputs, { thumbprint }, { ...inputs, ...change }, context);
    expect(await diff({ timeoutMinutes: 30, pollSeconds: 1 })).toEqual({ changes: {} });
    expect(await diff({ thumbprint: "F".repeat(40) })).toEqual({ changes: { thumbprint: "update" } });
  });

  test("stops when the operation is cancelled", async () => {
    looksUntilThere = Number.POSITIVE_INFINITY;
    const cancelled = new AbortController();
    const waiting = lifecycle.create(
      { ...inputs, pollSeconds: 600 },
      {
        ...context,
        signal: cancelled.signal,
        progress: (message) => {
          if (message.startsWith("waiting")) cancelled.abort();
        },
      },
    );
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });
});
