import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { openHttp } from "../../../provider/connections/http.ts";
import { retryAfterMs } from "../../../provider/connections/httpRetry.ts";
import { startHttpsServer } from "../../support/httpsServer.ts";

describe("HTTPS to a service", { timeout: 20_000 }, () => {
  afterEach(() => vi.unstubAllEnvs());

  test("goes through the proxy that the environment names, with the private CA still required", async () => {
    const server = await startHttpsServer(() => ({ status: 200, body: { reached: true } }));
    const tunnels: string[] = [];
    const proxy = createServer().on("connect", (request, client) => {
      tunnels.push(request.url ?? "");
      const [host, port] = (request.url ?? "").split(":");
      const target = connect(Number(port), host, () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        target.pipe(client).pipe(target);
      });
      client.on("error", () => target.destroy());
      target.on("error", () => client.destroy());
    });
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    vi.stubEnv("NO_PROXY", "");
    vi.stubEnv("no_proxy", "");

    const trusting = openHttp({ caCertificates: server.caPem });
    expect((await trusting.send({ url: server.origin })).bodyAsText).toBe('{"reached":true}');
    expect(tunnels).toEqual([new URL(server.origin).host]);
    const untrusting = openHttp({ maxRetries: 0 });
    await expect(untrusting.send({ url: server.origin })).rejects.toThrow(/certificate/);
    expect(server.requests).toHaveLength(1);

    trusting.close();
    untrusting.close();
    proxy.closeAllConnections();
    proxy.close();
    await server.close();
  });

  test.each([
    ["7", 7_000],
    ["Sun, 01 Jun 2025 12:00:30 GMT", 30_000],
    ["Sun, 01 Jun 2025 11:00:00 GMT", 0],
    ["soon", undefined],
    [undefined, undefined],
  ])("reads Retry-After %s as %s ms", (header, milliseconds) => {
    expect(retryAfterMs(header, new Date("2025-06-01T12:00:00Z"))).toBe(milliseconds);
  });
});
