import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEY_TYPES, newPrivateKey } from "../../../provider/acme/certificateKey.ts";
import { certificateRequest } from "../../../provider/acme/certificateRequest.ts";
import { certificate } from "../../../provider/acme/definition.ts";
import { zlintBinary } from "../../../scripts/setup/locations.js";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer } from "../../support/dnsZone.ts";
import { openssl, startPebble, type TestPebble } from "../../support/pebble.ts";

describe.each(KEY_TYPES)("a request with an %s key, read by openssl", (keyType) => {
  test("is well signed and asks for the names, the right uses and nothing else", async () => {
    const key = await newPrivateKey(keyType);
    const pem = await certificateRequest(key, keyType, { dnsNames: ["mfa.contoso.com", "*.contoso.com"] });
    expect(openssl(["req", "-verify", "-noout"], pem)).toMatch(/verify OK/);
    const text = openssl(["req", "-noout", "-text"], pem);
    expect(text).toContain("Subject: CN = mfa.contoso.com");
    expect(text).toContain("DNS:mfa.contoso.com, DNS:*.contoso.com");
    const uses = /Key Usage: critical\s+(.+)/.exec(text)?.[1];
    expect(uses).toBe(keyType.startsWith("rsa") ? "Digital Signature, Key Encipherment" : "Digital Signature");
    expect(text).not.toContain("TLS Feature");
    expect(openssl(["req", "-noout", "-pubkey"], pem)).toBe(openssl(["pkey", "-pubout"], key));
  });
});

test("a request for a long first name has no common name, and must-staple only where it is wanted", async () => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const dnsNames = [`${"a".repeat(60)}.contoso.com`];
  const text = openssl(
    ["req", "-noout", "-text"],
    await certificateRequest(key, "ecdsaP256", { dnsNames, mustStaple: true }),
  );
  expect(text).toMatch(/Subject: *\n/);
  expect(text).toMatch(/TLS Feature:\s+status_request/);
});

describe.skipIf(!existsSync(zlintBinary()))("zlint (node scripts/setup/judges.js zlint)", () => {
  const zone = createZone();
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  let folder: string;
  beforeAll(async () => {
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => zone.handler(request));
    pebble = await startPebble(dns.address);
    folder = await mkdtemp(join(tmpdir(), "mfakit-zlint-"));
  });
  afterAll(() => Promise.all([pebble?.stop(), arm?.close(), dns?.close(), folder && rm(folder, { recursive: true })]));

  test.each(KEY_TYPES)("finds nothing wrong that the request decides: %s", async (keyType) => {
    const run = certificateContext(arm.connection, pebble.connection);
    const { outputs } = await certificate.lifecycle.create(certificateInputs(zone, { keyType }), run);
    await run.connections.close();
    const file = join(folder, `${keyType}.pem`);
    await writeFile(file, outputs.certificatePem);
    const { stdout, stderr, status } = spawnSync(zlintBinary(), [file], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    const lints = JSON.parse(stdout) as Record<string, { result: string }>;
    const found = Object.entries(lints).flatMap(([name, { result }]) =>
      ["error", "fatal"].includes(result) ? [name] : [],
    );
    expect(found.filter((name) => !ISSUED_BY_PEBBLE.has(name))).toEqual([]);
    expect(Object.keys(lints).length).toBeGreaterThan(100);
  });
});

/** What the authority alone puts into a certificate, and Pebble leaves out: it has no CRL, no issuer's address, no policy. */
const ISSUED_BY_PEBBLE = new Set([
  "e_missing_crl_distrib_point",
  "e_sub_cert_aia_missing",
  "e_sub_cert_cert_policy_empty",
  "e_sub_cert_certificate_policies_missing",
]);
