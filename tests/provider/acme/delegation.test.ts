import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import type { AcmeConnection } from "../../../provider/configuration.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { namedBinary, startBind, type TestBind } from "../../support/bind.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer } from "../../support/dnsZone.ts";
import { startPebble, type TestPebble } from "../../support/pebble.ts";

const { lifecycle } = certificate;

async function issue(arm: ArmServer, acme: AcmeConnection, inputs: ReturnType<typeof certificateInputs>) {
  const run = certificateContext(arm.connection, acme);
  try {
    const { outputs } = await lifecycle.create(inputs, run);
    expect(run.warnings).toEqual([]);
    return outputs;
  } finally {
    await run.connections.close();
  }
}

describe("challenge names that CNAME records lead into another Azure zone", () => {
  const zone = createZone("dev.contoso.com");
  const other = createZone("challenges.contoso.net");
  const delegated = "_acme-challenge.mfa.dev.contoso.com";
  const target = "mfa.challenges.contoso.net";
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  beforeAll(async () => {
    const texts = (name: string) => (name.endsWith(other.name) ? other : zone).texts(name);
    dns = await startDnsServer(texts, {
      [delegated]: "hop.dev.contoso.com",
      "hop.dev.contoso.com": target,
      "_acme-challenge.portal.dev.contoso.com": target,
      "_acme-challenge.lost.dev.contoso.com": "elsewhere.example.org",
    });
    arm = await startArmServer((request) => (request.path.startsWith(other.id) ? other : zone).handler(request));
    pebble = await startPebble(dns.address, { authorizationReusePercent: 0 });
  });
  afterAll(() => Promise.all([pebble?.stop(), arm?.close(), dns?.close()]));

  test("are answered there, several at one target together, and others where they are", async () => {
    other.put("mfa", "somebody-elses-value");
    const dnsNames = ["mfa.dev.contoso.com", "portal.dev.contoso.com", "plain.dev.contoso.com"];
    const inputs = certificateInputs(zone, { dnsNames, delegatedZoneIds: [other.id] });
    const { certificatePem } = await issue(arm, pebble.connection, inputs);
    expect(new X509Certificate(certificatePem).subjectAltName).toContain("DNS:portal.dev.contoso.com");
    expect(new Set(zone.writes)).toEqual(new Set(["_acme-challenge.plain"]));
    expect(new Set(other.writes)).toEqual(new Set(["mfa"]));
    expect(zone.sets.size).toBe(0);
    expect(other.texts(target)).toEqual(["somebody-elses-value"]);
  });

  test("that lead into no zone of the kit are named with where they lead", async () => {
    const inputs = certificateInputs(zone, { dnsNames: ["lost.dev.contoso.com"], delegatedZoneIds: [other.id] });
    const run = certificateContext(arm.connection, pebble.connection);
    await expect(lifecycle.create(inputs, run)).rejects.toMatchObject({
      code: "DNS_CHALLENGE_ELSEWHERE",
      message: expect.stringMatching(
        /_acme-challenge\.lost\.dev\.contoso\.com: it leads by CNAME to elsewhere\.example\.org.*dev\.contoso\.com, challenges\.contoso\.net/,
      ),
    });
    await run.connections.close();
  });
});

describe.skipIf(namedBinary() === undefined)("a zone outside Azure, served by BIND (Debian package bind9)", () => {
  const azure = createZone("dev.contoso.com");
  let bind: TestBind;
  let arm: ArmServer;
  let pebble: TestPebble;
  beforeAll(async () => {
    bind = await startBind(["corp.example", "dev.contoso.com"]);
    arm = await startArmServer((request) => azure.handler(request));
    pebble = await startPebble(bind.address, { authorizationReusePercent: 0 });
  });
  afterAll(() => Promise.all([pebble?.stop(), arm?.close(), bind?.stop()]));
  /** The zone's own name servers are asked for visibility, which have no address here: the test names the server. */
  const connection = () => ({
    ...pebble.connection,
    dnsServers: [bind.address],
    dnsUpdate: bind.connection("corp.example"),
  });

  test("proves a wildcard and its apex without any Azure zone", async () => {
    bind.add("corp.example", "_acme-challenge.corp.example. 60 TXT somebody-elses-value");
    const dnsNames = ["corp.example", "*.corp.example"];
    const inputs = certificateInputs(azure, { dnsNames, dnsZoneId: undefined });
    await issue(arm, connection(), inputs);
    expect(await bind.texts("_acme-challenge.corp.example")).toEqual(["somebody-elses-value"]);
    expect(arm.requests).toEqual([]);
  });

  test("takes the challenges of an Azure zone that delegates them to it", async () => {
    const name = "_acme-challenge.mfa.dev.contoso.com";
    bind.add("dev.contoso.com", `${name}. 60 CNAME mfa.corp.example.`);
    await issue(arm, connection(), certificateInputs(azure));
    expect(azure.writes).toEqual([]);
    expect(await bind.texts("mfa.corp.example")).toEqual([]);
    expect(await bind.log()).toMatch(/adding an RR at 'mfa\.corp\.example'/);
  });
});
