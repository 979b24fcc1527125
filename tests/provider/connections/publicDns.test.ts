import { afterEach, describe, expect, test } from "vitest";
import { resolveNameServers, waitUntilVisible } from "../../../provider/connections/publicDns.ts";
import { startDnsServer } from "../../support/dnsZone.ts";

const NAME = "_acme-challenge.dev.contoso.com";

describe("waiting until every name server shows a record", { timeout: 20_000 }, () => {
  const servers: Awaited<ReturnType<typeof startDnsServer>>[] = [];
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));
  const server = async (texts: () => string[]) => {
    const started = await startDnsServer(texts);
    servers.push(started);
    return { name: started.address, address: started.address };
  };

  test("returns once all show all values, and asks nobody who already did", async () => {
    let fastLooks = 0;
    let slowLooks = 0;
    const fast = await server(() => {
      fastLooks += 1;
      return ["a", "b"];
    });
    const slow = await server(() => (++slowLooks < 3 ? ["a"] : ["a", "b"]));
    const messages: string[] = [];
    const progress = (message: string) => messages.push(message);
    await waitUntilVisible([fast, slow], [{ name: NAME, values: ["a", "b"] }], { progress });
    expect(fastLooks).toBe(1);
    expect(slowLooks).toBe(3);
    expect(messages).toEqual([
      `waiting for ${slow.name} (an older record)`,
      `waiting for ${slow.name} (an older record)`,
    ]);
  });

  test("gives up with the names of the servers that are behind", async () => {
    const good = await server(() => ["a"]);
    const empty = await server(() => []);
    const silent = { name: "ns9.example", address: "127.0.0.1:9" };
    const wait = waitUntilVisible([good, empty, silent], [{ name: NAME, values: ["a"] }], { patienceMs: 0 });
    await expect(wait).rejects.toMatchObject({
      code: "ACME_RECORD_NOT_VISIBLE",
      message: expect.stringContaining(`${empty.name} (no record yet), ns9.example (no answer: ECONNREFUSED)`),
    });
  });

  test("stops when cancelled", async () => {
    const cancelled = new AbortController();
    const empty = await server(() => {
      cancelled.abort();
      return [];
    });
    const wait = waitUntilVisible([empty], [{ name: NAME, values: ["a"] }], { signal: cancelled.signal });
    await expect(wait).rejects.toMatchObject({ name: "AbortError" });
  });

  test.each([
    ["127.0.0.1", "127.0.0.1"],
    ["127.0.0.1:5353", "127.0.0.1:5353"],
    ["::1", "::1"],
    ["[::1]:5353", "[::1]:5353"],
  ])("takes %s as it is", async (given, address) => {
    expect(await resolveNameServers([given])).toEqual([{ name: given, address }]);
  });

  test("names servers that have no address", async () => {
    await expect(resolveNameServers(["ns1.invalid"])).rejects.toMatchObject({ code: "DNS_SERVERS_NOT_FOUND" });
  });
});
