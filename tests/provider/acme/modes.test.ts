import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import type { AcmeConnection } from "../../../provider/configuration.ts";
import type { AcmeOptions } from "../../../sandbox/acme/index.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import { startPebble, type TestPebble } from "../../support/pebble.ts";

const { lifecycle } = certificate;
const EXTERNAL_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

interface Mode {
  name: string;
  options: Partial<AcmeOptions>;
  connection?: Partial<AcmeConnection>;
  profile?: string;
}

/** Pebble runs strict in all of them, and offers renewal information. */
const modes: Mode[] = [
  { name: "half of the good nonces refused", options: { nonceRejectPercent: 50 } },
  { name: "slow validation", options: { slowValidation: true } },
  { name: "every proof reused", options: { authorizationReusePercent: 100 } },
  { name: "no proof reused, and waits between looks", options: { authorizationReusePercent: 0, retryAfterSeconds: 1 } },
  {
    name: "external account binding required",
    options: { externalAccounts: { "kid-1": EXTERNAL_KEY } },
    connection: { externalAccountKeyId: "kid-1", externalAccountKey: EXTERNAL_KEY },
  },
  { name: "profiles", options: { profiles: { shortlived: 6 } }, profile: "shortlived" },
];

describe.each(modes)("an authority with $name", { timeout: 120_000 }, ({ options, connection, profile }) => {
  let zone: TestZone;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  beforeAll(async () => {
    zone = createZone();
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => zone.handler(request));
    pebble = await startPebble(dns.address, options);
  });
  afterAll(() => Promise.all([pebble?.stop(), arm?.close(), dns?.close()]));

  test("issues, renews, changes, and revokes", async () => {
    zone.put("_acme-challenge", "somebody-elses-value");
    const run = certificateContext(arm.connection, { ...pebble.connection, ...connection });
    const inputs = certificateInputs(zone, {
      dnsNames: ["dev.contoso.com", "*.dev.contoso.com"],
      revokeOnDelete: true,
      ...(profile !== undefined && { profile }),
    });
    const { id, outputs: first } = await lifecycle.create(inputs, run);
    expect(new X509Certificate(first.certificatePem).subjectAltName).toBe("DNS:dev.contoso.com, DNS:*.dev.contoso.com");
    expect(await lifecycle.diff?.(id, inputs, first, inputs, run)).toEqual({ changes: {} });

    const due = { ...run, now: () => new Date(Date.parse(first.notAfter) - 1000) };
    expect(await lifecycle.diff?.(id, inputs, first, inputs, due)).toEqual({ changes: { notAfter: "update" } });
    const renewed = await lifecycle.update(id, first, inputs, inputs, due);
    expect(renewed.serialNumber).not.toBe(first.serialNumber);
    expect(await readFile(pebble.logFile, "utf8")).toContain("is a replacement of");

    const wider = { ...inputs, keyType: "ecdsaP384" as const, dnsNames: [...inputs.dnsNames, "b.a.dev.contoso.com"] };
    expect(await lifecycle.diff?.(id, inputs, renewed, wider, run)).toEqual({
      changes: { dnsNames: "update", keyType: "update" },
    });
    const changed = await lifecycle.update(id, renewed, wider, inputs, run);
    expect(new X509Certificate(changed.certificatePem).publicKey.asymmetricKeyDetails?.namedCurve).toBe("secp384r1");

    await lifecycle.delete(id, changed, wider, run);
    const status = `${pebble.managementUrl}/cert-status-by-serial/${changed.serialNumber.toLowerCase()}`;
    expect(JSON.parse(await pebble.request("GET", status))).toMatchObject({ Status: "Revoked" });
    expect(zone.texts("_acme-challenge.dev.contoso.com")).toEqual(["somebody-elses-value"]);
    expect(zone.sets.size).toBe(1);
    expect(run.warnings.filter((warning) => !warning.startsWith("The renewal is due"))).toEqual([]);
    await run.connections.close();
  });
});
