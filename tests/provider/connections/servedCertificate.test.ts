import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitUntilServed } from "../../../provider/connections/servedCertificate.ts";
import { UserError } from "../../../provider/engine/userError.ts";
import {
  type CertificateAuthority,
  type KeyAndCertificate,
  openCertificateAuthority,
} from "../../../sandbox/pki/index.ts";
import { startNameServer } from "../../support/nameServer.ts";

const hostName = "mfa.dev.contoso.com";
const folder = mkdtempSync(join(tmpdir(), "mfakit-served-"));
let authority: CertificateAuthority;
let before: KeyAndCertificate;
let after: KeyAndCertificate;
let server: Server;
let dns: Awaited<ReturnType<typeof startNameServer>>;

beforeAll(async () => {
  authority = await openCertificateAuthority(folder);
  before = await authority.issueCertificate({ dnsNames: [hostName] });
  after = await authority.issueCertificate({ dnsNames: [hostName] });
  server = createServer({ cert: before.certPem, key: before.keyPem }, (_, answer) => answer.end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const addresses = [
    { name: hostName, type: "A" as const, ttl: 60, data: "127.0.0.1" },
    // Documentation's range: no machine has a way to it.
    { name: hostName, type: "AAAA" as const, ttl: 60, data: "2001:db8::1" },
  ];
  dns = await startNameServer("ns1", addresses);
});
afterAll(async () => {
  await dns.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const thumbprint = ({ certPem }: KeyAndCertificate) => new X509Certificate(certPem).fingerprint.replaceAll(":", "");

function wait(certificate: KeyAndCertificate, patienceMs: number, trustedRoots = authority.caPem) {
  const said: string[] = [];
  const { port } = server.address() as AddressInfo;
  const expected = { hostName, port, thumbprint: thumbprint(certificate), dnsServers: [dns.address], trustedRoots };
  const signal = new AbortController().signal;
  const reached = waitUntilServed(expected, { signal, progress: (message) => said.push(message), patienceMs });
  return { reached, said };
}

// What stands first prepares what follows.
describe("one endpoint", { shuffle: false }, () => {
  test("the certificate that answers is found, whatever addresses there is no way to", async () => {
    expect(await wait(before, 10_000).reached).toEqual(["127.0.0.1"]);
  });

  test("one that does not come is told with the one that answers", async () => {
    const error = await wait(after, 300).reached.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).parts.why).toBe(`127.0.0.1: still answers with the certificate ${thumbprint(before)}`);
  });

  test("one that answers but is not trusted is told at once", async () => {
    const error = await wait(before, 600_000, "").reached.catch((cause: unknown) => cause);
    expect((error as UserError).parts.why).toMatch(/^127\.0\.0\.1: unable to /);
  });

  test("one that comes later is waited for", async () => {
    const { reached, said } = wait(after, 30_000);
    await expect.poll(() => said.length, { timeout: 20_000 }).toBeGreaterThan(0);
    server.setSecureContext({ cert: after.certPem, key: after.keyPem });
    expect(await reached).toEqual(["127.0.0.1"]);
  });
});
