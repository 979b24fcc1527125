import { X509Certificate } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AcmeProxy, startAcmeProxy } from "../../support/acmeProxy.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { namedBinary, startBind } from "../../support/bind.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import { createWorkspace, type Workspace } from "../../support/engine.ts";
import type { Handler, SeenRequest } from "../../support/httpsServer.ts";
import { endProcessesWith } from "../../support/leftovers.ts";
import { startPebble, type TestPebble } from "../../support/pebble.ts";

const root = new URL("../../../", import.meta.url).pathname;
const CHALLENGE = "_acme-challenge.mfa";

const program = (configuration: object, zoneId: string | undefined) => `
  import * as pulumi from "@pulumi/pulumi";
  import { Certificate } from "${root}provider/acme/resource.ts";
  import { Provider } from "${root}provider/resource.ts";
  const { azure, acme } = ${JSON.stringify(configuration)};
  const provider = new Provider("mfakit", { azure: { ...azure, clientSecret: pulumi.secret(azure.clientSecret) }, acme });
  const certificate = new Certificate("mfa", ${JSON.stringify({ dnsZoneId: zoneId, dnsNames: ["mfa.dev.contoso.com"] })}, { provider });
  export const { certificatePem, privateKeyPem } = certificate;
`;

/** The moments by what has just happened at the other side; its answer arrives at a process that is dead. */
const moments = [
  { step: "new-order", orders: 2, isAcme: ({ path }: SeenRequest) => path === "/order-plz" },
  { step: "challenge written", orders: 1, isArm: ({ method }: SeenRequest) => method === "PUT" },
  { step: "challenge ready", orders: 1, isAcme: ({ path }: SeenRequest) => path.startsWith("/chalZ/") },
  { step: "finalize", orders: 1, isAcme: ({ path }: SeenRequest) => path.startsWith("/finalize-order/") },
  { step: "download", orders: 1, isAcme: ({ path }: SeenRequest) => path.startsWith("/certZ/") },
];

describe("an order whose engine and provider are killed", { timeout: 120_000 }, () => {
  let zone: TestZone;
  let handler: Handler;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  let proxy: AcmeProxy;
  let stack: Workspace;

  beforeEach(async () => {
    zone = createZone();
    handler = zone.handler;
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => handler(request));
    pebble = await startPebble(dns.address, { nonceRejectPercent: 0, authorizationReusePercent: 0 });
    proxy = await startAcmeProxy(pebble);
    stack = await createWorkspace({
      program: program({ azure: arm.connection, acme: proxy.connection }, zone.id),
      plugins: { mfakit: `${root}provider` },
    });
  });
  afterEach(() => Promise.all([stack?.remove(), proxy?.close(), pebble?.stop(), arm?.close(), dns?.close()]));

  /** Runs `up` until `arrange` calls what it is given: the engine, the provider and the program die without a word. */
  const upUntilKilled = async (arrange: (kill: () => void) => void) => {
    let isKilled = false;
    arrange(() => {
      isKilled = true;
      endProcessesWith(`PULUMI_HOME=${stack.env.PULUMI_HOME}`);
    });
    const killed = await stack.run(["up", "--yes", "--skip-preview"]);
    expect(isKilled).toBe(true);
    expect(killed.exitCode).not.toBe(0);
    expect((await stack.resources()).map(({ type }) => type)).not.toContain("mfakit:acme:Certificate");
    await stack.run(["cancel", "--yes"]);
  };

  const orderFolder = () => join(stack.env.PULUMI_HOME ?? "", "mfakit", "orders");

  test.each(moments)("after $step is finished by the next up", async ({ orders, isAcme, isArm }) => {
    zone.put(CHALLENGE, "somebody-elses-value");
    let isOver = false;
    await upUntilKilled((kill) => {
      const once = () => {
        isOver = true;
        kill();
        return "drop" as const;
      };
      proxy.disturb((request, answer) => (!isOver && isAcme?.(request) ? once() : answer));
      handler = async (request) => {
        const answer = await zone.handler(request);
        return !isOver && isArm?.(request) ? once() : answer;
      };
    });
    const [record] = readdirSync(orderFolder());
    expect(statSync(orderFolder()).mode & 0o777).toBe(0o700);
    expect(statSync(join(orderFolder(), record ?? "")).mode & 0o777).toBe(0o600);

    const up = await stack.succeed(["up", "--yes", "--skip-preview"]);

    const { certificatePem = "", privateKeyPem = "" } = (await stack.outputs()) as Record<string, string>;
    expect(up.output).not.toContain(privateKeyPem);
    const log = await readFile(pebble.logFile, "utf8");
    const serial = new X509Certificate(certificatePem).serialNumber.toLowerCase();
    expect([...log.matchAll(/Issued certificate serial (\w+)/g)].map(([, issued]) => issued)).toEqual([serial]);
    expect([...log.matchAll(/Added order/g)]).toHaveLength(orders);
    expect(Math.max(...[...log.matchAll(/There are now (\d+) accounts/g)].map(([, count]) => Number(count)))).toBe(1);
    expect(zone.texts(`${CHALLENGE}.dev.contoso.com`)).toEqual(["somebody-elses-value"]);
    expect(readdirSync(orderFolder())).toEqual([]);
    await stack.succeed(["preview", "--expect-no-changes"]);
  });

  test.skipIf(namedBinary() === undefined)("in a zone outside Azure (BIND) leaves no value behind either", async () => {
    const bind = await startBind(["dev.contoso.com"]);
    const name = `${CHALLENGE}.dev.contoso.com`;
    const other = await startPebble(bind.address, { authorizationReusePercent: 0 });
    const otherProxy = await startAcmeProxy(other);
    try {
      bind.add("dev.contoso.com", `${name}. 60 TXT somebody-elses-value`);
      const acme = {
        ...otherProxy.connection,
        dnsServers: [bind.address],
        dnsUpdate: bind.connection("dev.contoso.com"),
      };
      await stack.setProgram(program({ azure: arm.connection, acme }, undefined));
      await upUntilKilled((kill) =>
        otherProxy.disturb((request, answer) => {
          if (!request.path.startsWith("/chalZ/")) return answer;
          kill();
          return "drop";
        }),
      );
      expect(await bind.texts(name)).toHaveLength(2);
      otherProxy.disturb((_, answer) => answer);
      await stack.succeed(["up", "--yes", "--skip-preview"]);
      expect(await bind.texts(name)).toEqual(["somebody-elses-value"]);
      expect([...(await readFile(other.logFile, "utf8")).matchAll(/Issued certificate/g)]).toHaveLength(1);
      expect(readdirSync(orderFolder())).toEqual([]);
    } finally {
      await Promise.all([otherProxy.close(), other.stop(), bind.stop()]);
    }
  });
});
