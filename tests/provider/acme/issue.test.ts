import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import type { Handler } from "../../support/httpsServer.ts";
import { openssl, startPebble, type TestPebble } from "../../support/pebble.ts";

const { lifecycle } = certificate;
const OWNER_VALUE = /^[\w-]{43}$/;

describe("a certificate from a real ACME server", { timeout: 30_000 }, () => {
  let zone: TestZone;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  let folder: string;
  /** Replaced by tests that disturb the zone's API. */
  let handler: Handler;

  beforeAll(async () => {
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => handler(request));
    pebble = await startPebble(dns.address, { authorizationReusePercent: 0 });
    folder = await mkdtemp(join(tmpdir(), "mfakit-issue-"));
  });
  afterAll(async () => {
    await Promise.all([pebble?.stop(), arm?.close(), dns?.close(), folder && rm(folder, { recursive: true })]);
  });
  beforeEach(() => {
    zone = createZone();
    handler = zone.handler;
  });
  const contexts: ReturnType<typeof certificateContext>[] = [];
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.connections.close()));
  });
  const context = (options: Parameters<typeof certificateContext>[2] = {}) => {
    const made = certificateContext(arm.connection, pebble.connection, options);
    contexts.push(made);
    return made;
  };

  test("is trusted by openssl from leaf to root, with the key and the facts it claims", async () => {
    const { outputs } = await lifecycle.create(certificateInputs(zone), context());

    const root = join(folder, "root.pem");
    const chain = join(folder, "chain.pem");
    await writeFile(root, await pebble.rootPem());
    await writeFile(chain, outputs.chainPem);
    const verified = openssl(
      ["verify", "-CAfile", root, "-untrusted", chain, "-verify_hostname", "mfa.dev.contoso.com"],
      outputs.certificatePem,
    );
    expect(verified).toContain("OK");
    const facts = openssl(
      [
        "x509",
        "-noout",
        "-fingerprint",
        "-sha1",
        "-serial",
        "-startdate",
        "-enddate",
        "-dateopt",
        "iso_8601",
        "-pubkey",
      ],
      outputs.certificatePem,
    );
    expect(facts.replaceAll(":", "")).toContain(outputs.thumbprint);
    expect(facts).toContain(`serial=${outputs.serialNumber}`);
    expect(facts).toContain(`notAfter=${outputs.notAfter.replace("T", " ").replace(".000Z", "Z")}`);
    expect(facts).toContain(`notBefore=${outputs.notBefore.replace("T", " ").replace(".000Z", "Z")}`);
    expect(openssl(["pkey", "-pubout"], outputs.privateKeyPem)).toBe(facts.slice(facts.indexOf("-----BEGIN")));
    expect(outputs.dnsNames).toEqual(["mfa.dev.contoso.com"]);
  });

  test.each([
    ["compatible", "rsa2048", "pbeWithSHA1And3-KeyTripleDES-CBC", "MAC: sha1"],
    ["modern", "rsa2048", "PBES2, PBKDF2, AES-256-CBC", "MAC: sha256"],
    ["compatible", "ecdsaP256", "pbeWithSHA1And3-KeyTripleDES-CBC", "MAC: sha1"],
    ["modern", "ecdsaP384", "PBES2, PBKDF2, AES-256-CBC", "MAC: sha256"],
  ] as const)("comes as a %s PFX with an %s key that openssl opens", async (pfxEncryption, keyType, cipher, mac) => {
    const { outputs } = await lifecycle.create(certificateInputs(zone, { pfxEncryption, keyType }), context());

    const pfx = Buffer.from(outputs.pfxBase64, "base64");
    const command = ["pkcs12", "-passin", "env:PFX_PASSWORD", "-legacy"];
    const keyAndCertificates = openssl([...command, "-nodes"], pfx, outputs.pfxPassword);
    for (const pem of [outputs.certificatePem, outputs.chainPem, outputs.privateKeyPem]) {
      expect(keyAndCertificates).toContain(pem.trim());
    }
    const leaf = new X509Certificate(outputs.certificatePem);
    expect(leaf.publicKey.asymmetricKeyType).toBe(keyType.startsWith("rsa") ? "rsa" : "ec");
    const listed = openssl(["asn1parse", "-inform", "DER"], pfx);
    expect(listed.length).toBeGreaterThan(0);
    const info = pkcs12Info(pfx, outputs.pfxPassword);
    expect(info).toContain(cipher);
    expect(info).toContain(mac);
    expect(() => openssl([...command, "-nodes"], pfx, "wrong")).toThrow(/Mac verify error/);
  });

  test("covers a wildcard and its apex at once and leaves other TXT values alone", async () => {
    zone.put("_acme-challenge", "somebody-elses-value");
    const inputs = certificateInputs(zone, { dnsNames: ["dev.contoso.com", "*.dev.contoso.com"] });

    const { outputs } = await lifecycle.create(inputs, context());

    expect(new X509Certificate(outputs.certificatePem).subjectAltName).toContain("DNS:*.dev.contoso.com");
    expect(zone.texts("_acme-challenge.dev.contoso.com")).toEqual(["somebody-elses-value"]);
    expect(zone.sets.get("_acme-challenge")?.properties).toMatchObject({ TTL: 3600, metadata: { owner: "mail" } });
    expect(zone.sets.size).toBe(1);
  });

  test("removes the record set when nobody else uses it", async () => {
    await lifecycle.create(certificateInputs(zone), context());
    expect(zone.writes.length).toBeGreaterThanOrEqual(2);
    expect(zone.sets.size).toBe(0);
  });

  test("removes what an interrupted run of the same resource left, and only that", async () => {
    const dying = new AbortController();
    handler = async (request) => {
      // The process "dies" once its challenge is written: nothing it sends from now on arrives.
      if (dying.signal.aborted)
        return { status: 403, body: { error: { code: "AuthorizationFailed", message: "Dead." } } };
      const answer = await zone.handler(request);
      if (request.method === "PUT") dying.abort();
      return answer;
    };
    const killed = context({ signal: dying.signal });
    await expect(lifecycle.create(certificateInputs(zone), killed)).rejects.toThrow();
    const left = zone.texts("_acme-challenge.mfa.dev.contoso.com");
    expect(left).toEqual([expect.stringMatching(OWNER_VALUE)]);
    expect(killed.warnings.join()).toContain("_acme-challenge.mfa.dev.contoso.com could not be removed");

    zone.sets.get("_acme-challenge.mfa")?.properties.TXTRecords?.push({ value: ["somebody-elses-value"] });
    handler = zone.handler;
    await lifecycle.create(certificateInputs(zone), context());
    expect(zone.texts("_acme-challenge.mfa.dev.contoso.com")).toEqual(["somebody-elses-value"]);
  });

  test("survives a zone that changes between read and write, throttling, and a write whose answer is lost", async () => {
    const trouble = ["changed", "throttled", "lost"];
    handler = async (request) => {
      if (request.method !== "PUT" || trouble.length === 0) return zone.handler(request);
      const kind = trouble.shift();
      if (kind === "changed") zone.put("_acme-challenge.mfa", "written-in-between");
      if (kind === "throttled") return { status: 429, headers: { "retry-after": "0" } };
      const answer = await zone.handler(request);
      return kind === "lost" ? "drop" : answer;
    };
    await lifecycle.create(certificateInputs(zone), context());
    expect(trouble).toEqual([]);
    expect(zone.texts("_acme-challenge.mfa.dev.contoso.com")).toEqual(["written-in-between"]);
  });

  test("asks the authority only when every name server shows the record", async () => {
    let looks = 0;
    const slow = await startDnsServer((name) => (++looks > 3 ? zone.texts(name) : []));
    try {
      const run = context({ dnsServers: [dns.address, slow.address] });
      await lifecycle.create(certificateInputs(zone), run);
      expect(looks).toBeGreaterThan(3);
      expect(run.messages).toContain(`waiting for ${slow.address} (no record yet)`);
      expect(run.messages.some((message) => message.includes(dns.address))).toBe(false);
    } finally {
      await slow.close();
    }
  });

  test("uses the same account for a renewal and tells the authority what it replaces", async () => {
    const first = await lifecycle.create(certificateInputs(zone), context());
    const dayBeforeTheEnd = () => new Date(Date.parse(first.outputs.notAfter) - 24 * 60 * 60 * 1000);
    const renew = () => {
      const inputs = certificateInputs(zone);
      return lifecycle.update(first.id, first.outputs, inputs, inputs, context({ now: dayBeforeTheEnd }));
    };

    const renewed = await renew();

    expect(renewed.serialNumber).not.toBe(first.outputs.serialNumber);
    expect(renewed.privateKeyPem).not.toBe(first.outputs.privateKeyPem);
    expect(renewed.accountKeyPem).toBe(first.outputs.accountKeyPem);
    // Pebble takes a replacement only from the account that ordered the predecessor.
    expect(await replacements(pebble)).toBe(1);
    // And only once: the next order goes through without the hint.
    expect((await renew()).serialNumber).not.toBe(renewed.serialNumber);
    expect(await replacements(pebble)).toBe(1);
  });

  test("renews and revokes although the authority has forgotten account and certificate", async () => {
    const inputs = certificateInputs(zone, { revokeOnDelete: true });
    const { id, outputs } = await lifecycle.create(inputs, context());
    const forgetful = await startPebble(dns.address);
    const now = () => new Date(outputs.notAfter);
    const run = certificateContext(arm.connection, forgetful.connection, { now });
    try {
      const renewed = await lifecycle.update(id, outputs, inputs, inputs, run);
      expect(renewed.accountKeyPem).toBe(outputs.accountKeyPem);
      expect(await replacements(forgetful)).toBe(0);
      await lifecycle.delete(id, outputs, inputs, run);
    } finally {
      await Promise.all([run.connections.close(), forgetful.stop()]);
    }
  });

  test("leaves nothing behind when it is cancelled while it waits for the name servers", async () => {
    const blind = await startDnsServer(() => []);
    const cancelled = new AbortController();
    const run = context({ dnsServers: [blind.address], signal: cancelled.signal });
    run.progress = (message) => {
      if (message.startsWith("waiting for")) cancelled.abort();
    };
    try {
      await expect(lifecycle.create(certificateInputs(zone), run)).rejects.toMatchObject({ name: "AbortError" });
      expect(zone.writes.length).toBe(2);
      expect(zone.sets.size).toBe(0);
    } finally {
      await blind.close();
    }
  });

  test("orders many at once with one account", async () => {
    const run = context();
    const names = Array.from({ length: 10 }, (_, index) => `n${index}.dev.contoso.com`);
    const before = await accounts(pebble);
    const created = await Promise.all(
      names.map((name) => lifecycle.create(certificateInputs(zone, { dnsNames: [name] }), run)),
    );
    expect(created.map(({ outputs }) => outputs.dnsNames[0])).toEqual(names);
    expect(new Set(created.map(({ id }) => id)).size).toBe(names.length);
    expect((await accounts(pebble)) - before).toBe(1);
    expect(zone.sets.size).toBe(0);
  });

  test("follows the authority's renewal window, also when it is moved", async () => {
    const inputs = certificateInputs(zone);
    const { id, outputs } = await lifecycle.create(inputs, context());
    expect(outputs.renewalBy).toBe("authority");
    const lifetime = Date.parse(outputs.notAfter) - Date.parse(outputs.notBefore);
    const share = (Date.parse(outputs.renewAfter) - Date.parse(outputs.notBefore)) / lifetime;
    expect(share).toBeGreaterThan(0.64);
    expect(share).toBeLessThan(0.69);
    expect(await lifecycle.diff?.(id, inputs, outputs, inputs, context())).toEqual({ changes: {} });

    await moveRenewalWindow(pebble, outputs.certificatePem, new Date(Date.now() - 60_000));
    expect(await lifecycle.diff?.(id, inputs, outputs, inputs, context())).toEqual({ changes: { notAfter: "update" } });
    expect(await lifecycle.preview?.(inputs, { id, outputs }, context())).toEqual({
      dnsNames: ["mfa.dev.contoso.com"],
      accountKeyPem: outputs.accountKeyPem,
    });
  });

  test("is revoked on delete only by choice; twice is fine", async () => {
    const { id, outputs } = await lifecycle.create(certificateInputs(zone), context());
    await lifecycle.delete(id, outputs, certificateInputs(zone), context());
    expect(await statusAt(pebble, outputs.serialNumber)).toBe("Valid");
    for (let time = 0; time < 2; time++) {
      await lifecycle.delete(id, outputs, certificateInputs(zone, { revokeOnDelete: true }), context());
      expect(await statusAt(pebble, outputs.serialNumber)).toBe("Revoked");
    }
  });

  test("shows the authority's own words when it does not find the value", async () => {
    const lying = await startDnsServer((name) => [...zone.texts(name), "x"].slice(-1));
    const deceived = await startPebble(lying.address, { authorizationReusePercent: 0 });
    const run = certificateContext(arm.connection, { ...deceived.connection, dnsServers: [dns.address] });
    try {
      const failure = lifecycle.create(certificateInputs(zone), run);
      await expect(failure).rejects.toMatchObject({
        code: "ACME_VALIDATION_FAILED",
        message: expect.stringMatching(
          /^Certificate for mfa\.dev\.contoso\.com: 127\.0\.0\.1:\d+ answered unauthorized: mfa\.dev\.contoso\.com: .*TXT/,
        ),
      });
      expect(zone.sets.size).toBe(0);
    } finally {
      await Promise.all([run.connections.close(), deceived.stop(), lying.close()]);
    }
  });

  test("passes with four of five good nonces refused", async () => {
    const picky = await startPebble(dns.address, { nonceRejectPercent: 80 });
    const run = certificateContext(arm.connection, picky.connection);
    try {
      const { outputs } = await lifecycle.create(certificateInputs(zone), run);
      expect(outputs.thumbprint).toMatch(/^[0-9A-F]{40}$/);
    } finally {
      await Promise.all([run.connections.close(), picky.stop()]);
    }
  });

  test("names the authority's refusal of a name", async () => {
    const choosy = await startPebble(dns.address, { blockedDomains: ["blocked.dev.contoso.com"] });
    const run = certificateContext(arm.connection, choosy.connection);
    try {
      const inputs = certificateInputs(zone, { dnsNames: ["blocked.dev.contoso.com"] });
      await expect(lifecycle.create(inputs, run)).rejects.toMatchObject({ code: "ACME_NAME_REFUSED" });
    } finally {
      await Promise.all([run.connections.close(), choosy.stop()]);
    }
  });
});

/** How many orders Pebble has taken as replacements of earlier ones. */
async function replacements(pebble: TestPebble): Promise<number> {
  return [...(await readFile(pebble.logFile, "utf8")).matchAll(/is a replacement of/g)].length;
}

async function accounts(pebble: TestPebble): Promise<number> {
  const counts = [...(await readFile(pebble.logFile, "utf8")).matchAll(/There are now (\d+) accounts in memory/g)];
  return Number(counts.at(-1)?.[1] ?? 0);
}

/** `openssl pkcs12 -info` prints the algorithms to standard error. */
function pkcs12Info(pfx: Buffer, password: string): string {
  return openssl(["pkcs12", "-info", "-noout", "-legacy", "-passin", "env:PFX_PASSWORD"], pfx, password);
}

async function moveRenewalWindow(pebble: TestPebble, certificatePem: string, to: Date): Promise<void> {
  const ARIResponse = JSON.stringify({
    suggestedWindow: { start: new Date(to.getTime() - 1000).toISOString(), end: to.toISOString() },
  });
  await pebble.request("POST", `${pebble.managementUrl}/set-renewal-info/`, {
    Certificate: certificatePem,
    ARIResponse,
  });
}

async function statusAt(pebble: TestPebble, serialNumber: string): Promise<string> {
  const url = `${pebble.managementUrl}/cert-status-by-serial/${serialNumber.toLowerCase()}`;
  return (JSON.parse(await pebble.request("GET", url)) as { Status: string }).Status;
}
