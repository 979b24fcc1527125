import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { certificate } from "../../../provider/acme/definition.ts";
import type { AcmeConnection } from "../../../provider/configuration.ts";
import { type AcmeProxy, startAcmeProxy } from "../../support/acmeProxy.ts";
import { type ArmServer, startArmServer } from "../../support/armServer.ts";
import { certificateContext, certificateInputs } from "../../support/certificate.ts";
import { createZone, startDnsServer, type TestZone } from "../../support/dnsZone.ts";
import { openssl, startPebble, type TestPebble } from "../../support/pebble.ts";

const { lifecycle } = certificate;
const EXTERNAL_KEY = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

describe("accounts and wishes at a real ACME server", { timeout: 60_000 }, () => {
  let zone: TestZone;
  let arm: ArmServer;
  let dns: Awaited<ReturnType<typeof startDnsServer>>;
  let pebble: TestPebble;
  let proxy: AcmeProxy;
  beforeAll(async () => {
    zone = createZone();
    dns = await startDnsServer((name) => zone.texts(name));
    arm = await startArmServer((request) => zone.handler(request));
    pebble = await startPebble(dns.address, {
      nonceRejectPercent: 0,
      profiles: { shortlived: 6 },
      alternateRoots: 1,
    });
    proxy = await startAcmeProxy(pebble);
  });
  afterAll(() => Promise.all([proxy?.close(), pebble?.stop(), arm?.close(), dns?.close()]));

  /** One provider process: its connections are closed when `use` is through. */
  const operation = async <T>(
    change: Partial<AcmeConnection>,
    use: (run: ReturnType<typeof certificateContext>) => Promise<T>,
    base: AcmeConnection = proxy.connection,
  ): Promise<T> => {
    const run = certificateContext(arm.connection, { ...base, ...change });
    try {
      return await use(run);
    } finally {
      await run.connections.close();
    }
  };
  const issue = (connection: Partial<AcmeConnection>, inputs = {}) =>
    operation(connection, async (run) => {
      const { outputs } = await lifecycle.create(certificateInputs(zone, inputs), run);
      return { outputs, warnings: run.warnings };
    });

  test("a generated key is kept; a key that is given later takes over its account", async () => {
    const { outputs } = await issue({});
    const before = await accounts(pebble);
    const accountKeyPem = newKey();
    const due = () => new Date(Date.parse(outputs.notAfter) - 1000);
    const inputs = certificateInputs(zone);
    const renewed = await operation({ accountKeyPem }, (run) =>
      lifecycle.update("id", outputs, inputs, inputs, { ...run, now: due }),
    );
    expect(renewed.accountKeyPem).toBeUndefined();
    // Pebble takes a replacement from the account that ordered the predecessor alone.
    expect(await readFile(pebble.logFile, "utf8")).toContain("is a replacement of");
    expect(await accounts(pebble)).toBe(before);
    expect(proxy.requests.filter(({ path }) => path === "/rollover-account-key")).toHaveLength(1);
  });

  test("a given key is rolled over to another one, once", async () => {
    const [old, next] = [newKey(), newKey("rsa")];
    await issue({ accountKeyPem: old });
    const before = await accounts(pebble);
    const rolled = () => proxy.requests.filter(({ path }) => path === "/rollover-account-key").length;
    const earlier = rolled();
    for (let time = 0; time < 2; time++) await issue({ accountKeyPem: next, formerAccountKeyPem: old });
    expect(rolled() - earlier).toBe(1);
    expect(await accounts(pebble)).toBe(before);
  });

  test("the contact is given, and corrected when it changes", async () => {
    const accountKeyPem = newKey();
    const sent = () => proxy.requests.flatMap(({ text }) => contactOf(text));
    await issue({ accountKeyPem, contactEmail: "first@contoso.com" });
    await issue({ accountKeyPem, contactEmail: "second@contoso.com" });
    await issue({ accountKeyPem, contactEmail: "second@contoso.com" });
    expect(sent()).toEqual(["mailto:first@contoso.com", "mailto:second@contoso.com"]);
  });

  test("an authority that wants external account binding says so, and takes the right key alone", async () => {
    const closed = await startPebble(dns.address, { externalAccounts: { "kid-1": EXTERNAL_KEY } });
    const order = (change: Partial<AcmeConnection>) =>
      operation(change, (run) => lifecycle.create(certificateInputs(zone), run), closed.connection);
    try {
      await expect(order({})).rejects.toMatchObject({ code: "ACME_EXTERNAL_ACCOUNT_REQUIRED" });
      const wrong = order({
        externalAccountKeyId: "kid-1",
        externalAccountKey: Buffer.alloc(48).toString("base64url"),
      });
      await expect(wrong).rejects.toThrow(/answered \w+/);
      await order({ externalAccountKeyId: "kid-1", externalAccountKey: EXTERNAL_KEY });
      expect(await readFile(closed.logFile, "utf8")).toContain('Binding with CA using kid "kid-1"');
    } finally {
      await closed.stop();
    }
  });

  test("a profile decides, a change of it orders anew, and an unknown one is refused with those that there are", async () => {
    const inputs = certificateInputs(zone, { profile: "shortlived" });
    const { outputs } = await issue({}, inputs);
    const days = (Date.parse(outputs.notAfter) - Date.parse(outputs.notBefore)) / 86_400_000;
    expect(days).toBeGreaterThan(5.9);
    expect(days).toBeLessThan(6.1);
    await operation({}, async (run) => {
      const other = { ...inputs, profile: "default" };
      expect(await lifecycle.diff?.("id", inputs, outputs, other, run)).toEqual({ changes: { profile: "update" } });
      expect(await lifecycle.diff?.("id", inputs, outputs, inputs, run)).toEqual({ changes: {} });
    });
    await expect(issue({}, { profile: "eternal" })).rejects.toMatchObject({
      code: "ACME_PROFILE_UNKNOWN",
      message: expect.stringMatching(/default \(.+\), shortlived \(Valid for 6 days\)/),
    });
  });

  test("the preferred chain is taken where it is offered, and the lack of it told", async () => {
    const roots = await Promise.all(
      [0, 1].map((index) => pebble.request("GET", `${pebble.managementUrl}/roots/${index}`)),
    );
    const names = roots.map((pem) => new X509Certificate(pem).subject.replace(/^.*CN=/s, ""));
    expect(names[0]).not.toBe(names[1]);
    for (const [index, preferredChain] of names.entries()) {
      const { outputs, warnings } = await issue({}, { preferredChain });
      const [issuer] = outputs.chainPem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/) ?? [];
      expect(new X509Certificate(issuer ?? "").verify(new X509Certificate(roots[index] ?? "").publicKey)).toBe(true);
      expect(warnings).toEqual([]);
    }
    const { warnings } = await issue({}, { preferredChain: "No Such Root" });
    expect(warnings).toEqual(['The authority offers no chain with "No Such Root"; its first one is used.']);
  });

  test("must-staple is off unless it is asked for", async () => {
    const text = (pem: string) => openssl(["x509", "-noout", "-text"], pem);
    const { outputs: plain } = await issue({});
    expect(text(plain.certificatePem)).not.toMatch(/TLS Feature/);
    const { outputs, warnings } = await issue({}, { mustStaple: true });
    expect(text(outputs.certificatePem)).toMatch(/TLS Feature:\s+status_request/);
    expect(warnings).toEqual([]);
    await operation({}, async (run) => {
      const inputs = certificateInputs(zone);
      const asking = { ...inputs, mustStaple: true };
      expect(await lifecycle.diff?.("id", asking, outputs, asking, run)).toEqual({ changes: {} });
      expect(await lifecycle.diff?.("id", inputs, plain, asking, run)).toMatchObject({
        changes: { mustStaple: expect.anything() },
      });
    });
  });

  test.each(["rsa2048", "rsa3072", "rsa4096", "ecdsaP256", "ecdsaP384"] as const)(
    "an %s key, for an IDN name",
    async (keyType) => {
      const { outputs } = await issue({}, { keyType, dnsNames: ["bücher.dev.contoso.com"] });
      const { subjectAltName, publicKey } = new X509Certificate(outputs.certificatePem);
      expect(subjectAltName).toBe("DNS:xn--bcher-kva.dev.contoso.com");
      const details = publicKey.asymmetricKeyDetails;
      const curves = { ecdsaP256: "prime256v1", ecdsaP384: "secp384r1" } as Record<string, string>;
      expect(details?.namedCurve ?? `rsa${details?.modulusLength}`).toBe(curves[keyType] ?? keyType);
    },
  );
});

function newKey(kind: "ec" | "rsa" = "ec"): string {
  const { privateKey } =
    kind === "ec"
      ? generateKeyPairSync("ec", { namedCurve: "P-384" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

async function accounts(pebble: TestPebble): Promise<number> {
  const counts = [...(await readFile(pebble.logFile, "utf8")).matchAll(/There are now (\d+) accounts in memory/g)];
  return Number(counts.at(-1)?.[1] ?? 0);
}

/** The contact in a signed request, if it has one. */
function contactOf(text: string): string[] {
  if (!text.startsWith("{")) return [];
  const { payload } = JSON.parse(text) as { payload?: string };
  const content = payload ? Buffer.from(payload, "base64url").toString() : "{}";
  return (JSON.parse(content) as { contact?: string[] }).contact ?? [];
}
