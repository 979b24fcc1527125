import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { renewalOf } from "../../../provider/acme/certificatePlan.ts";
import { certificate } from "../../../provider/acme/definition.ts";
import { pointInWindow, shareOfLifetimeLeft } from "../../../provider/acme/renewal.ts";
import type { CertificateInputs, CertificateOutputs } from "../../../provider/acme/schema.ts";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { openCertificateAuthority } from "../../../sandbox/pki/index.ts";
import { certificateContext, certificateInputs, storedCertificate } from "../../support/certificate.ts";

const { lifecycle } = certificate;
const DAY = 24 * 60 * 60 * 1000;
const ZONE = {
  name: "dev.contoso.com",
  id: "/subscriptions/s/resourceGroups/rg-dns/providers/Microsoft.Network/dnsZones/dev.contoso.com",
};

describe("what a preview plans for a certificate that is there", () => {
  let folder: string;
  let outputs: CertificateOutputs;
  const inputs = certificateInputs(ZONE);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mfakit-plan-"));
    outputs = await storedCertificate(await openCertificateAuthority(folder), ["mfa.dev.contoso.com"], 90);
  });
  afterAll(() => rm(folder, { recursive: true }));

  let warnings: string[];
  beforeEach(() => {
    warnings = [];
  });

  /** An operation at that many days before the end, with an authority that cannot be reached. */
  const operation = (daysLeft = 80) => {
    const now = () => new Date(Date.parse(outputs.notAfter) - daysLeft * DAY);
    const azure = {
      resourceManagerEndpoint: "https://127.0.0.1:9",
      authorityHost: "https://127.0.0.1:9",
      tenantId: "t",
      subscriptionId: "s",
    };
    const context = certificateContext(azure, { directoryUrl: "https://127.0.0.1:9/directory" }, { now });
    context.warn = (message) => warnings.push(message);
    return { ...context, connections: { ...context.connections, configuration: {} } };
  };
  const diff = (news: CertificateInputs, daysLeft?: number, olds = inputs) =>
    lifecycle.diff?.("id", olds, outputs, news, operation(daysLeft));
  const preview = (news: CertificateInputs, daysLeft?: number) =>
    lifecycle.preview?.(news, { id: "id", outputs }, operation(daysLeft));

  test("nothing while more than a third of the lifetime is left, the renewal after that", async () => {
    expect(await diff(inputs, 30.1)).toEqual({ changes: {} });
    expect(warnings).toEqual([]);
    expect(await diff(inputs, 29.9)).toEqual({ changes: { notAfter: "update" } });
    expect(warnings).toEqual([
      `The renewal is due since ${outputs.renewAfter}; the certificate ends ${outputs.notAfter}.`,
    ]);
    expect(await diff(inputs, -5)).toEqual({ changes: { notAfter: "update" } });
  });

  test("nothing for the same settings in another spelling", async () => {
    const respelled = { ...inputs, dnsNames: ["MFA.Dev.Contoso.COM"], dnsZoneId: ZONE.id.toUpperCase() };
    expect(await diff(respelled)).toEqual({ changes: {} });
  });

  test("a new certificate for other names or another kind of key; only its names are known beforehand", async () => {
    const renamed = { ...inputs, dnsNames: ["mfa.dev.contoso.com", "portal.dev.contoso.com"] };
    expect(await diff(renamed)).toEqual({ changes: { dnsNames: "update" } });
    expect(await preview(renamed)).toEqual({ dnsNames: renamed.dnsNames, accountKeyPem: undefined });
    expect(await diff({ ...inputs, keyType: "rsa4096" })).toEqual({ changes: { keyType: "update" } });
  });

  test("the same certificate in another PFX", async () => {
    const modern = { ...inputs, pfxEncryption: "modern" as const };
    expect(await diff(modern)).toEqual({ changes: { pfxEncryption: "update" } });
    const { pfxBase64, ...kept } = outputs;
    expect(await preview(modern)).toEqual(kept);

    const updated = await lifecycle.update("id", outputs, modern, inputs, operation());
    expect(updated).toEqual({ ...kept, pfxBase64: expect.any(String) });
    expect(updated.pfxBase64).not.toBe(pfxBase64);
    expect(await lifecycle.diff?.("id", modern, updated, modern, operation())).toEqual({ changes: {} });
  });

  test("another renewal moment, known at once, when renewBefore changes", async () => {
    const late = { ...inputs, renewBefore: 0.1 };
    expect(await diff(late)).toEqual({ changes: { renewBefore: "update" } });
    const moved = await preview(late);
    expect(moved).toEqual({ ...outputs, renewAfter: moved?.renewAfter });
    expect((Date.parse(outputs.notAfter) - Date.parse(moved?.renewAfter ?? "")) / DAY).toBeCloseTo(9, 1);
  });

  test("what is not known yet counts as a change", async () => {
    const unknown = UNKNOWN as unknown as string;
    expect(await diff({ ...inputs, dnsNames: [unknown] })).toEqual({ changes: { dnsNames: "update" } });
    expect(await diff({ ...inputs, dnsZoneId: unknown })).toEqual({ changes: { dnsZoneId: "update" } });
    expect(await preview({ ...inputs, dnsZoneId: unknown })).toEqual({});
  });

  test("a refresh says nothing about an intact certificate and reports a damaged one as gone", async () => {
    const old = { inputs, outputs };
    expect(await lifecycle.read("id", old, operation())).toEqual({ id: "id", ...old });
    const damaged = { inputs, outputs: { ...outputs, certificatePem: "garbage" } };
    expect(await lifecycle.read("id", damaged, operation())).toBeUndefined();
    expect(warnings).toHaveLength(1);
    await expect(lifecycle.read("id", undefined, operation())).rejects.toMatchObject({
      code: "CERTIFICATE_NOT_IMPORTABLE",
    });
  });
});

describe("the renewal moment", () => {
  const dates = fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
  const days = fc.integer({ min: 1, max: 400 });
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

  test("by lifetime: lies inside the validity, and the share is what is left", () => {
    fc.assert(
      fc.property(dates, days, share, (from, length, renewBefore) => {
        const to = new Date(from.getTime() + length * DAY);
        const period = { notBefore: from.toISOString(), notAfter: to.toISOString() };
        const moment = shareOfLifetimeLeft(period, renewBefore).getTime();
        expect(Math.abs(to.getTime() - moment - length * DAY * renewBefore)).toBeLessThanOrEqual(1000);
      }),
    );
  });

  test("by the authority's window: lies inside, is the same at every look, and differs between certificates", () => {
    const window = { start: new Date("2025-03-01"), end: new Date("2025-03-03") };
    const moments = new Set<number>();
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-F]{16,40}$/), (serial) => {
        const moment = pointInWindow(window, serial);
        moments.add(moment.getTime());
        expect(pointInWindow(window, serial)).toEqual(moment);
        expect(moment.getTime()).toBeGreaterThanOrEqual(window.start.getTime());
        expect(moment.getTime()).toBeLessThan(window.end.getTime());
      }),
    );
    expect(moments.size).toBeGreaterThan(50);
  });

  test("what the authority said last still counts while it cannot be asked", () => {
    const facts = { notBefore: "2025-01-01T00:00:00.000Z", notAfter: "2025-04-01T00:00:00.000Z", serialNumber: "0A" };
    const said = { ...facts, renewAfter: "2025-02-10T00:00:00.000Z", renewalBy: "authority" as const };
    expect(renewalOf(said, 1 / 3, undefined)).toEqual({ renewAfter: said.renewAfter, renewalBy: "authority" });
    expect(renewalOf(facts, 1 / 3, undefined)).toEqual({
      renewAfter: "2025-03-02T00:00:00.000Z",
      renewalBy: "lifetime",
    });
  });
});
