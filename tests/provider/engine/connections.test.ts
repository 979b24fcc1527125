import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Connections } from "../../../provider/connections/connections.ts";
import { openConnections } from "../../../provider/connections/open.ts";
import { UserError } from "../../../provider/engine/userError.ts";

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(configuration: Parameters<typeof openConnections>[0]): Connections {
  const connections = openConnections(configuration);
  closing.push(() => connections.close());
  return connections;
}

describe("the connections of an operation", () => {
  it("name the argument that is missing", async () => {
    const connections = open({});
    for (const [section, ask] of [
      ["directory", connections.directory],
      ["azure", connections.arm],
      ["acme", connections.acme],
      ["host", connections.host],
    ] as const) {
      const error = await ask().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({
        code: "CONNECTION_NOT_CONFIGURED",
        message: expect.stringContaining(`"${section}"`),
      });
    }
  });

  it("do not try a directory again that could not be opened", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closing.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { directory } = open({
      directory: {
        domain: "corp.contoso.com",
        netbiosName: "CORP",
        domainControllers: [`ldaps://127.0.0.1:${port}`],
        bindUser: "svc@corp.contoso.com",
        bindPassword: "swordfish",
      },
    });
    await expect(directory()).rejects.toThrow();
    const tried = sockets.length;
    expect(tried).toBeGreaterThan(0);
    await expect(directory()).rejects.toThrow();
    expect(sockets).toHaveLength(tried);
  });

  it("are opened once and shared", async () => {
    const { arm } = open({
      azure: {
        resourceManagerEndpoint: "https://127.0.0.1:9",
        authorityHost: "https://127.0.0.1:9/",
        tenantId: "7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33",
        subscriptionId: "2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10",
        clientId: "c0b5a0b8-7f55-4f5f-9e0b-1b7a6f0d9e21",
        clientSecret: "swordfish",
      },
    });
    expect(await arm()).toBe(await arm());
  });
});
