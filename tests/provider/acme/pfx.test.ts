import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import forge from "node-forge";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPfx, newPfxPassword } from "../../../provider/acme/pfx.ts";
import { type PfxEncryption, pfxEncryptionOf } from "../../../provider/acme/pfxEncryption.ts";
import { type KeyAndCertificate, openCertificateAuthority } from "../../../sandbox/pki/index.ts";

describe("a PFX", () => {
  let folder: string;
  let caPem: string;
  let issued: KeyAndCertificate;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mfakit-pfx-"));
    const authority = await openCertificateAuthority(folder);
    caPem = authority.caPem;
    issued = await authority.issueCertificate({ dnsNames: ["mfa.dev.contoso.com"] });
  });
  afterAll(() => rm(folder, { recursive: true }));
  const build = (password: string, encryption: PfxEncryption, chainPem = caPem) =>
    buildPfx({ privateKeyPem: issued.keyPem, certificatePem: issued.certPem, chainPem, password }, encryption);
  const open = (pfx: Buffer, password: string) =>
    forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(pfx.toString("binary")), password);

  test.each(["compatible", "modern"] as const)("%s: opens with its password and no other", (encryption) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x20-\x7e]{1,40}$/), (password) => {
        const pfx = build(password, encryption);
        const key = open(pfx, password).getBags({ bagType: forge.pki.oids.pkcs8ShroudedKeyBag });
        expect(key[forge.pki.oids.pkcs8ShroudedKeyBag as string]).toHaveLength(1);
        expect(() => open(pfx, `${password}x`)).toThrow(/MAC could not be verified/);
        expect(pfxEncryptionOf(pfx)).toBe(encryption);
      }),
      { numRuns: 6 },
    );
  });

  test("ties the key to the leaf and holds every issuer once", () => {
    const pfx = open(build("password", "compatible"), "password");
    const certificates = pfx.getBags({ bagType: forge.pki.oids.certBag })[forge.pki.oids.certBag as string] ?? [];
    const [key] =
      pfx.getBags({ bagType: forge.pki.oids.pkcs8ShroudedKeyBag })[forge.pki.oids.pkcs8ShroudedKeyBag as string] ?? [];
    expect(certificates).toHaveLength(2);
    expect(certificates[0]?.attributes.localKeyId).toEqual(key?.attributes.localKeyId);
    expect(certificates[1]?.attributes.localKeyId).toBeUndefined();
  });

  test("needs no issuers", () => {
    expect(
      open(build("password", "modern", ""), "password").getBags({ bagType: forge.pki.oids.certBag }),
    ).toBeDefined();
  });

  test("gets a password of 32 letters and digits, never the same", () => {
    const passwords = Array.from({ length: 200 }, newPfxPassword);
    for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(new Set(passwords).size).toBe(passwords.length);
    const letters = new Set(passwords.join(""));
    expect(letters.size).toBe(62);
  });
});
