import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { providedLifecycle } from "../../../provider/acme/providedLifecycle.ts";
import type { ProvidedInputs } from "../../../provider/acme/providedSchema.ts";
import { certificateContext } from "../../support/certificate.ts";
import {
  authorityExtensions,
  type OpensslCertificate,
  opensslCertificate,
  run,
} from "../../support/opensslAuthority.ts";

const hostName = "mfa.dev.contoso.com";
const DAY = 24 * 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), "mfakit-provided-"));
let root: OpensslCertificate;
let intermediate: OpensslCertificate;
let leaf: OpensslCertificate;

beforeAll(() => {
  root = opensslCertificate(folder, "root", { extensions: authorityExtensions, days: 3650 });
  intermediate = opensslCertificate(folder, "intermediate", {
    extensions: authorityExtensions,
    days: 1000,
    issuer: root,
  });
  leaf = opensslCertificate(folder, "leaf", { names: `DNS:${hostName}`, issuer: intermediate });
});
afterAll(() => rmSync(folder, { recursive: true }));

const contextAt = (now: Date) => certificateContext({} as never, {} as never, { now: () => now });

function inputs(change: Partial<ProvidedInputs> = {}): ProvidedInputs {
  return {
    dnsNames: [hostName],
    certificate: leaf.certPem + intermediate.certPem,
    privateKey: leaf.keyPem,
    trustedRoots: root.certPem,
    renewBefore: 1 / 3,
    pfxEncryption: "compatible",
    ...change,
  };
}

/** What the check says, at a moment some days from now. */
async function problems(change: Partial<ProvidedInputs>, days = 1): Promise<string[]> {
  const context = contextAt(new Date(Date.now() + days * DAY));
  const found = (await providedLifecycle.check?.(inputs(change), context)) ?? [];
  return found.map(({ property, reason }) => `${property} ${reason}`);
}

/** A certificate of the intermediate's that differs in one way. */
function another(name: string, request: object): Partial<ProvidedInputs> {
  const made = opensslCertificate(folder, name, { names: `DNS:${hostName}`, issuer: intermediate, ...request });
  return { certificate: made.certPem + intermediate.certPem, privateKey: made.keyPem };
}

/** A PFX as OpenSSL writes it, Base64. */
function pfxOf(certificate: OpensslCertificate, chain: OpensslCertificate[], ...options: string[]): string {
  writeFileSync(join(folder, "chain.pem"), chain.map(({ certPem }) => certPem).join(""));
  const parts = ["-inkey", certificate.keyFile, "-in", certificate.certFile, "-certfile", join(folder, "chain.pem")];
  return run("pkcs12", "-export", ...parts, "-passout", "pass:from-the-CA", ...options).toString("base64");
}

const noPem = { certificate: undefined, privateKey: undefined };

test("a certificate in order has no problem", async () => {
  expect(await problems({})).toEqual([]);
});

test("the root may come along, in any order, and then need not be known", async () => {
  const certificate = root.certPem + leaf.certPem + intermediate.certPem;
  expect(await problems({ certificate, trustedRoots: undefined })).toEqual([]);
});

describe("is refused, with all reasons at once", () => {
  test("a name that is not covered", async () => {
    expect(await problems({ dnsNames: [hostName, "other.contoso.com", "*.dev.contoso.com"] })).toEqual([
      `certificate does not cover other.contoso.com; it is for DNS:${hostName}.`,
      `certificate does not cover *.dev.contoso.com; it is for DNS:${hostName}.`,
    ]);
  });

  test("the key of another certificate", async () => {
    expect(await problems({ privateKey: root.keyPem })).toEqual([
      "certificate belongs to another private key than the one that is given.",
    ]);
  });

  test("a chain with a hole", async () => {
    expect(await problems({ certificate: leaf.certPem })).toEqual([
      'certificate comes without its issuer "CN=intermediate, O=Contoso"; add the whole chain.',
    ]);
    expect(await problems({ trustedRoots: undefined })).toEqual([
      'certificate comes without its issuer "CN=root, O=Contoso"; add the whole chain.',
    ]);
  });

  test.each([
    ["after its end", 91, /^certificate expired at /],
    ["before its beginning", -1, /^certificate is valid only from /],
  ])("a certificate %s", async (_, days, reason) => {
    expect((await problems({}, days))[0]).toMatch(reason);
  });

  test("an issuer that has expired", async () => {
    const short = opensslCertificate(folder, "short", { extensions: authorityExtensions, days: 10, issuer: root });
    const made = opensslCertificate(folder, "of-short", { names: `DNS:${hostName}`, issuer: short });
    const given = { certificate: made.certPem + short.certPem, privateKey: made.keyPem };
    expect(await problems(given, 20)).toEqual([
      expect.stringMatching(/^certificate is issued by "CN=short, O=Contoso", which expired at /),
    ]);
  });

  test.each([
    ["the use of clients", { extensions: ["extendedKeyUsage=clientAuth"] }, /is not for server authentication/],
    ["the use of an authority", { extensions: authorityExtensions }, /is one of an authority/],
    ["a short key", { key: ["rsa:1024"] }, /has an RSA key of 1024 bits/],
    ["a key that Windows does not take", { key: ["ed25519"] }, /has a key of kind ed25519/],
    [
      "a curve that Windows does not take",
      { key: ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"] },
      /of kind secp256k1/,
    ],
    ["a SHA-1 signature", { digest: "sha1" }, /is signed with .*sha-?1.*, which clients refuse/i],
  ])("%s", async (name, request, reason) => {
    expect(await problems(another(name.replaceAll(" ", "-"), request))).toEqual([expect.stringMatching(reason)]);
  });

  test("several things that are wrong, each with its reason", async () => {
    const bad = another("bad", { key: ["rsa:1024"], digest: "sha1", names: "DNS:www.contoso.com", days: 5 });
    expect(await problems(bad, 6)).toHaveLength(4);
  });

  test("what cannot be read, without repeating it", async () => {
    expect(
      await problems({ certificate: "MIIsecret", privateKey: "-----BEGIN PRIVATE KEY-----\nMIIsecret\n" }),
    ).toEqual([
      "certificate is missing; give a PFX, or a certificate in PEM and its privateKey.",
      "privateKey is no such PEM text.",
    ]);
    const encrypted = run("pkcs8", "-topk8", "-in", leaf.keyFile, "-passout", "pass:secret").toString();
    expect(await problems({ privateKey: encrypted })).toEqual([
      "privateKey is protected by a passphrase; give it without.",
    ]);
  });
});

describe("a PFX", () => {
  const compatible = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"];

  test.each([
    ["3DES", compatible],
    ["AES-256", []],
  ])("with %s is read with its password, and refused with another", async (_, options) => {
    const pfx = pfxOf(leaf, [intermediate], ...options);
    expect(await problems({ ...noPem, pfx, pfxPassphrase: "from-the-CA" })).toEqual([]);
    expect(await problems({ ...noPem, pfx, pfxPassphrase: "another" })).toEqual([
      "pfx cannot be read: its password is another one.",
    ]);
  });

  test("of an elliptic curve is read", async () => {
    const made = opensslCertificate(folder, "curve", {
      names: `DNS:${hostName}`,
      issuer: intermediate,
      key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    });
    expect(await problems({ ...noPem, pfx: pfxOf(made, [intermediate]), pfxPassphrase: "from-the-CA" })).toEqual([]);
  });

  test("without a key, or beside PEM, is refused", async () => {
    const pfx = pfxOf(leaf, [intermediate], "-nokeys");
    expect(await problems({ ...noPem, pfx, pfxPassphrase: "from-the-CA" })).toEqual([
      "pfx cannot be read: it holds no private key; export it with the key.",
    ]);
    expect(await problems({ pfx })).toEqual(["pfx is given beside certificate or privateKey; give one form only."]);
  });

  test("that is something else is refused", async () => {
    expect(await problems({ ...noPem, pfx: "bm90IGEgUEZY" })).toEqual([
      "pfx cannot be read: it is no Base64 of a PFX.",
    ]);
  });
});

describe("what it offers", () => {
  test("is what an ACME certificate offers: openssl opens the PFX and finds leaf, chain and key", async () => {
    const { outputs } = await providedLifecycle.create(inputs(), contextAt(new Date()));
    const sha1 = createHash("sha1")
      .update(run("x509", "-in", leaf.certFile, "-outform", "DER"))
      .digest("hex");
    expect(outputs).toMatchObject({
      thumbprint: sha1.toUpperCase(),
      dnsNames: [hostName],
      issuer: "CN=intermediate, O=Contoso",
      renewalBy: "lifetime",
      history: [{ thumbprint: sha1.toUpperCase() }],
    });
    const file = join(folder, "out.pfx");
    writeFileSync(file, Buffer.from(outputs.pfxBase64, "base64"));
    const opened = run("pkcs12", "-in", file, "-nodes", "-passin", `pass:${outputs.pfxPassword}`).toString();
    expect(opened.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect(opened).toContain("BEGIN PRIVATE KEY");
    writeFileSync(join(folder, "out-chain.pem"), outputs.chainPem);
    writeFileSync(join(folder, "out-leaf.pem"), outputs.certificatePem);
    run("verify", "-CAfile", root.certFile, "-untrusted", join(folder, "out-chain.pem"), join(folder, "out-leaf.pem"));
    expect(readFileSync(join(folder, "out-chain.pem"), "utf8")).not.toContain(root.certPem.trim());
  });

  test("has its chain in order, without the root that came along", async () => {
    const certificate = root.certPem + intermediate.certPem + leaf.certPem;
    const { outputs } = await providedLifecycle.create(inputs({ certificate }), contextAt(new Date()));
    expect(outputs.chainPem.trim()).toBe(intermediate.certPem.trim());
  });

  test("remembers the certificate before it, and keeps the password of one that stays", async () => {
    const context = contextAt(new Date());
    const { outputs } = await providedLifecycle.create(inputs(), context);
    const again = await providedLifecycle.update("id", outputs, inputs({ pfxEncryption: "modern" }), inputs(), context);
    expect(again.pfxPassword).toBe(outputs.pfxPassword);
    const next = inputs(another("next", {}));
    const renewed = await providedLifecycle.update("id", outputs, next, inputs(), context);
    expect(renewed.history.map(({ thumbprint }) => thumbprint)).toEqual([renewed.thumbprint, outputs.thumbprint]);
    expect(renewed.pfxPassword).not.toBe(outputs.pfxPassword);
  });

  test("comes with a warning when a third of the lifetime is left, not before", async () => {
    const early = contextAt(new Date(Date.now() + 59 * DAY));
    await providedLifecycle.check?.(inputs(), early);
    expect(early.warnings).toEqual([]);
    const late = contextAt(new Date(Date.now() + 61 * DAY));
    await providedLifecycle.check?.(inputs(), late);
    expect(late.warnings).toEqual([
      expect.stringMatching(/^The certificate ends .*Ask your authority for another one/),
    ]);
  });
});
