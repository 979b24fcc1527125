import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planCertificate } from "../../../provider/acme/certificatePlan.ts";
import { withHistory } from "../../../provider/acme/history.ts";
import type { CertificateOutputs, CertificateRecord } from "../../../provider/acme/schema.ts";
import { openCertificateAuthority } from "../../../sandbox/pki/index.ts";
import { certificateInputs, storedCertificate } from "../../support/certificate.ts";

const zone = {
  id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/dnsZones/contoso.com",
  name: "contoso.com",
};
const folder = mkdtempSync(join(tmpdir(), "mfakit-trigger-"));
let stored: CertificateOutputs;

beforeAll(async () => {
  stored = await storedCertificate(await openCertificateAuthority(folder), ["mfa.contoso.com"], 90);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a renewal trigger", () => {
  const order = (there: string | undefined, wanted: string | undefined) => {
    const given = (renewalTrigger: string | undefined) => (renewalTrigger === undefined ? {} : { renewalTrigger });
    const inputs = certificateInputs(zone, given(wanted));
    return planCertificate({ ...stored, ...given(there) }, inputs, new Date(), undefined).order;
  };

  test("orders once: when it is new, and not again while it stays", () => {
    expect(order(undefined, "today")).toEqual(["renewalTrigger"]);
    expect(order("yesterday", "today")).toEqual(["renewalTrigger"]);
    expect(order("today", "today")).toEqual([]);
  });

  test("changes nothing when it is left out again", () => {
    expect(order("today", undefined)).toEqual([]);
  });
});

describe("the history", () => {
  const record = (n: number): CertificateRecord => ({
    thumbprint: `T${n}`,
    serialNumber: String(n),
    issuer: "CN=CA",
    notBefore: `2026-01-${10 + n}T00:00:00Z`,
    notAfter: `2026-04-${10 + n}T00:00:00Z`,
  });

  test("has the newest first and ends after ten", () => {
    let history: CertificateRecord[] = [];
    for (let n = 1; n <= 12; n += 1) {
      history = withHistory(record(n), n === 1 ? undefined : { ...record(n - 1), history });
    }
    expect(history.map(({ thumbprint }) => thumbprint)).toEqual([
      "T12",
      "T11",
      "T10",
      "T9",
      "T8",
      "T7",
      "T6",
      "T5",
      "T4",
      "T3",
    ]);
  });

  test("takes the former certificate of a state that kept none", () => {
    expect(withHistory(record(2), record(1))).toEqual([record(2), record(1)]);
  });

  test("holds no key and no PFX, and names a certificate once", () => {
    const kept = withHistory(stored, { ...stored, history: [record(1), stored] });
    expect(kept.map(({ thumbprint }) => thumbprint)).toEqual([stored.thumbprint, "T1"]);
    expect(JSON.stringify(kept)).not.toContain("PRIVATE KEY");
    expect(Object.keys(kept[0] ?? {}).sort()).toEqual(Object.keys(record(1)).sort());
  });
});
