import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import { type AcmeProxy, startAcmeProxy } from "../../support/acmeProxy.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import type { Answer } from "../../support/httpsServer.ts";
import { startPebble, type TestPebble } from "../../support/pebble.ts";

const { lifecycle } = certificate;

describe("an authority with trouble", { timeout: 60_000 }, () => {
  let zone: TestZone;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  let proxy: AcmeProxy;
  beforeAll(async () => {
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => zone.handler(request));
    pebble = await startPebble(dns.address, { nonceRejectPercent: 0, authorizationReusePercent: 0 });
    proxy = await startAcmeProxy(pebble);
  });
  afterAll(() => Promise.all([proxy?.close(), pebble?.stop(), arm?.close(), dns?.close()]));
  beforeEach(() => {
    zone = createZone();
  });

  const count = async (what: RegExp) => [...(await readFile(pebble.logFile, "utf8")).matchAll(what)].length;

  /** Issues while the first answers to requests of one kind are disturbed; says how many orders and certificates that took. */
  const issueWith = async (path: string, times: number, instead: (answer: Answer) => Answer | "drop") => {
    const before = [await count(/Added order/g), await count(/Issued certificate/g)] as const;
    let left = times;
    proxy.disturb((request, answer) => {
      if (left === 0 || !request.path.startsWith(path)) return answer;
      left -= 1;
      return instead(answer);
    });
    const run = certificateContext(arm.connection, proxy.connection);
    try {
      await lifecycle.create(certificateInputs(zone), run);
    } finally {
      await run.connections.close();
    }
    expect(left).toBe(0);
    expect(zone.sets.size).toBe(0);
    const after = [await count(/Added order/g), await count(/Issued certificate/g)] as const;
    return { orders: after[0] - before[0], certificates: after[1] - before[1] };
  };

  test.each([
    ["a new account", "/sign-me-up", 1],
    // The order whose answer was lost is nobody's; the authority lets it expire.
    ["a new order", "/order-plz", 2],
    ["an authorization", "/authZ/", 1],
    ["a challenge", "/chalZ/", 1],
    ["a finalized order", "/finalize-order/", 1],
    ["an order's state", "/my-order/", 1],
    ["the certificate", "/certZ/", 1],
  ])("whose answer about %s is lost issues one certificate", async (_, path, orders) => {
    expect(await issueWith(path, 1, () => "drop")).toEqual({ orders, certificates: 1 });
  });

  test.each([
    [503, "/order-plz"],
    [429, "/order-plz"],
    [503, "/authZ/"],
    [500, "/certZ/"],
  ])("that answers %i twice at %s is asked again, as late as it wants", async (status, path) => {
    const since = performance.now();
    const busy = { type: "urn:ietf:params:acme:error:serverInternal", detail: "Busy." };
    const { certificates } = await issueWith(path, 2, ({ headers }) => ({
      status,
      headers: { ...headers, "retry-after": "1", "content-type": "application/problem+json" },
      body: busy,
    }));
    expect(certificates).toBe(1);
    expect(performance.now() - since).toBeGreaterThan(2_000);
  });

  test("that wants a look at the order only after a second gets it then", async () => {
    const looks: number[] = [];
    proxy.disturb((request, answer) => {
      if (!request.path.startsWith("/my-order/")) return answer;
      looks.push(performance.now());
      if (looks.length > 1 || typeof answer.body !== "string") return answer;
      const processing = { ...JSON.parse(answer.body), status: "processing", certificate: undefined };
      return { ...answer, headers: { ...answer.headers, "retry-after": "1" }, body: JSON.stringify(processing) };
    });
    const run = certificateContext(arm.connection, proxy.connection);
    await lifecycle.create(certificateInputs(zone), run);
    await run.connections.close();
    expect(looks.length).toBe(2);
    expect((looks[1] ?? 0) - (looks[0] ?? 0)).toBeGreaterThan(990);
  });
});
