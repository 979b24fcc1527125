import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import { openssl } from "../../support/pebble.ts";
import { hasStepCa, type StepCa, startStepCa } from "../../support/stepCa.ts";

const { lifecycle } = certificate;

describe.skipIf(!hasStepCa())("a second ACME server, step-ca (node scripts/setup/judges.js step-ca)", () => {
  let zone: TestZone;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let authority: StepCa;
  let folder: string;
  beforeAll(async () => {
    zone = createZone();
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => zone.handler(request));
    authority = await startStepCa(dns.address);
    folder = await mkdtemp(join(tmpdir(), "mfakit-step-test-"));
  });
  afterAll(() =>
    Promise.all([authority?.stop(), arm?.close(), dns?.close(), folder && rm(folder, { recursive: true })]),
  );

  test("issues, renews by the lifetime because it offers no renewal information, and revokes", async () => {
    zone.put("_acme-challenge", "somebody-elses-value");
    const run = certificateContext(arm.connection, authority.connection);
    const inputs = certificateInputs(zone, {
      dnsNames: ["dev.contoso.com", "*.dev.contoso.com"],
      revokeOnDelete: true,
    });
    const { id, outputs } = await lifecycle.create(inputs, run);
    const root = join(folder, "root.pem");
    await writeFile(root, authority.rootPem);
    expect(
      openssl(["verify", "-CAfile", root, "-verify_hostname", "dev.contoso.com"], outputs.certificatePem),
    ).toContain("OK");
    expect(outputs.renewalBy).toBe("lifetime");

    const due = { ...run, now: () => new Date(Date.parse(outputs.notAfter) - 1000) };
    expect(await lifecycle.diff?.(id, inputs, outputs, inputs, due)).toEqual({ changes: { notAfter: "update" } });
    const renewed = await lifecycle.update(id, outputs, inputs, inputs, due);
    expect(renewed.serialNumber).not.toBe(outputs.serialNumber);
    expect(renewed.accountKeyPem).toBe(outputs.accountKeyPem);
    for (let time = 0; time < 2; time++) await lifecycle.delete(id, renewed, inputs, run);
    expect(zone.texts("_acme-challenge.dev.contoso.com")).toEqual(["somebody-elses-value"]);
    await run.connections.close();
  });
});
