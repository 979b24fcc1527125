import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "dns-packet";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Endpoint } from "../../../cli/endpoint/endpoint.ts";
import { recordsAt } from "../../../cli/endpoint/records.ts";
import { verifyEndpoint } from "../../../cli/endpoint/verifyEndpoint.ts";
import type { NameServer } from "../../../provider/connections/publicDns.ts";
import {
  type CertificateAuthority,
  type KeyAndCertificate,
  openCertificateAuthority,
} from "../../../sandbox/pki/index.ts";
import { startNameServer } from "../../support/nameServer.ts";

const hostName = "mfa.dev.contoso.com";
const DAY = 24 * 60 * 60 * 1000;
const folder = mkdtempSync(join(tmpdir(), "mfakit-endpoint-"));
let authority: CertificateAuthority;
let stranger: CertificateAuthority;
let issued: KeyAndCertificate;

beforeAll(async () => {
  authority = await openCertificateAuthority(join(folder, "pki"));
  stranger = await openCertificateAuthority(join(folder, "stranger"));
  issued = await authority.issueCertificate({ dnsNames: [hostName] });
});
afterAll(() => rmSync(folder, { recursive: true }));

const address: Answer = { name: hostName, type: "A", ttl: 300, data: "127.0.0.1" };
const caa = (value: string): Answer => ({
  name: hostName,
  type: "CAA",
  ttl: 300,
  data: { flags: 0, tag: "issue", value },
});
const zone = [address, caa("letsencrypt.org")];

interface World {
  /** Views of the zone, one per name server. */
  zones: Answer[][];
  tls: ServerOptions;
  /** Headers of every answer. */
  headers: Record<string, string>;
  certificate: KeyAndCertificate;
  /** What the endpoint's description says otherwise. */
  expected: Partial<Endpoint>;
}

/** A service that holds every check; a test changes one thing. */
async function endpoint(change: Partial<World> = {}): Promise<Endpoint> {
  const world: World = {
    zones: [zone, zone],
    tls: { minVersion: "TLSv1.2" },
    headers: { "strict-transport-security": "max-age=31536000" },
    certificate: issued,
    expected: {},
    ...change,
  };
  const { certPem: cert, keyPem: key } = world.certificate;
  const server = createServer({ cert, key, ...world.tls }, (_, answer) => answer.writeHead(404, world.headers).end());
  const port = await listen(server);
  const servers = await Promise.all(world.zones.map((records, index) => startNameServer(`ns${index + 1}`, records)));
  for (const each of servers) onTestFinished(() => each.close());
  return {
    hostName,
    expectedAddresses: ["127.0.0.1"],
    caaIssuer: "letsencrypt.org",
    caaAccountUri: undefined,
    thumbprint: new X509Certificate(cert).fingerprint.replaceAll(":", ""),
    url: `https://${hostName}/MultiFactorAuth/`,
    port,
    httpPort: await closedPort(),
    trustedRoots: authority.caPem,
    now: new Date(),
    nameServers: async () => servers,
    addresses: async () => (await recordsAt(servers[0] as NameServer, hostName)).addresses,
    ...world.expected,
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

/** A port at which nothing listens any more. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The checks that fail, with what they say. */
async function failures(change: Partial<World> = {}): Promise<Record<string, string>> {
  const results = await verifyEndpoint(await endpoint(change));
  return Object.fromEntries(results.filter(({ status }) => status === "fail").map(({ id, detail }) => [id, detail]));
}

test("an endpoint in order holds every check", async () => {
  const results = await verifyEndpoint(await endpoint());
  expect(results.filter(({ status }) => status === "fail")).toEqual([]);
  expect(results.map(({ id }) => id)).toEqual([
    "name-servers",
    "caa",
    "chain",
    "certificate-name",
    "deployed-certificate",
    "expiry",
    "protocols",
    "ciphers",
    "revocation",
    "hsts",
    "port-80",
  ]);
});

test("a name server that answers otherwise is named with both answers", async () => {
  const other = [{ ...address, data: "127.0.0.9" } as Answer, caa("letsencrypt.org")];
  expect(await failures({ zones: [zone, other] })).toEqual({
    "name-servers": expect.stringMatching(/^ns1 says 127\.0\.0\.1; .*, but ns2 says 127\.0\.0\.9; /),
  });
});

test("a name server that is silent is named", async () => {
  const port = await closedPort();
  const silent = { name: "ns9", address: `127.0.0.1:${port}` };
  const working = await endpoint();
  const nameServers = async () => [...(await working.nameServers()), silent];
  const [dns] = await verifyEndpoint({ ...working, nameServers });
  expect(dns).toMatchObject({
    id: "name-servers",
    status: "fail",
    detail: expect.stringContaining("ns9 does not answer"),
  });
});

test("an address that is not the deployment's is told", async () => {
  expect(await failures({ expected: { expectedAddresses: ["203.0.113.10"] } })).toEqual({
    "name-servers": `${hostName} is 127.0.0.1, but the deployment put it at 203.0.113.10`,
  });
});

test.each([
  ["nobody is named", [address], {}, /has no CAA record/],
  ["another authority is named too", [...zone, caa("pki.goog")], {}, /also allows pki\.goog/],
  ["only nobody is allowed", [address, caa(";")], {}, /does not allow letsencrypt\.org/],
  [
    "any account may order",
    zone,
    { caaAccountUri: "https://ca/acct/1" },
    /to other accounts than https:\/\/ca\/acct\/1/,
  ],
])("CAA fails when %s", async (_, records, expected, detail) => {
  expect(await failures({ zones: [records], expected })).toEqual({ caa: expect.stringMatching(detail) });
});

test("CAA with the account holds", async () => {
  const records = [address, caa("letsencrypt.org; accounturi=https://ca/acct/1")];
  expect(await failures({ zones: [records], expected: { caaAccountUri: "https://ca/acct/1" } })).toEqual({});
});

test("a certificate of an unknown authority breaks the chain, and is still described", async () => {
  const certificate = await stranger.issueCertificate({ dnsNames: [hostName] });
  const failed = await failures({ certificate });
  expect(failed.chain).toMatch(/^127\.0\.0\.1: unable to /);
  expect(Object.keys(failed)).toEqual(["chain", "hsts"]);
});

test("a certificate of another name is told with its names", async () => {
  const certificate = await authority.issueCertificate({ dnsNames: ["www.contoso.com"] });
  const failed = await failures({ certificate });
  expect(failed["certificate-name"]).toBe("127.0.0.1: the certificate is for DNS:www.contoso.com");
  expect(Object.keys(failed)).toEqual(["certificate-name", "hsts"]);
});

test("another certificate than the stack's is told with both thumbprints", async () => {
  const thumbprint = "0".repeat(40);
  expect((await failures({ expected: { thumbprint } }))["deployed-certificate"]).toMatch(
    /serves [0-9A-F]{40}, but .* 0{40}/,
  );
});

test.each([
  ["fails with less than a fifth of its life left", 81, /less than a fifth/],
  ["fails when it has expired", 101, /expired at/],
  ["fails before it begins", -1, /valid only from/],
])("expiry %s", async (_, days, detail) => {
  const certificate = await authority.issueCertificate({
    dnsNames: [hostName],
    notAfter: new Date(Date.now() + 100 * DAY),
  });
  const now = new Date(Date.now() + days * DAY);
  expect(await failures({ certificate, expected: { now } })).toEqual({ expiry: expect.stringMatching(detail) });
});

test.each(["TLSv1", "TLSv1.1"] as const)("a server that still takes %s is told", async (minVersion) => {
  const failed = await failures({ tls: { minVersion, ciphers: "DEFAULT:@SECLEVEL=0" } });
  expect(failed).toEqual({ protocols: expect.stringMatching(/TLS 1\.[01] is accepted/) });
});

test.each([
  ["NULL-SHA256", "0x003B (no encryption)"],
  ["ADH-AES128-SHA", "0x0034 (no authentication)"],
])("a server that takes %s is told", async (cipher, named) => {
  const failed = await failures({
    // `dhparam`: the key exchange that no certificate signs needs parameters.
    tls: { ciphers: `ECDHE-RSA-AES128-GCM-SHA256:${cipher}:@SECLEVEL=0`, dhparam: "auto" },
  });
  expect(failed).toEqual({ ciphers: `127.0.0.1 accepts ${named}` });
});

test.each([
  ["no header", {}, /without Strict-Transport-Security/],
  ["a header that takes it back", { "strict-transport-security": "max-age=0" }, /"max-age=0" tells browsers to forget/],
])("HSTS fails with %s", async (_, headers, detail) => {
  expect(await failures({ headers: headers as Record<string, string> })).toEqual({
    hsts: expect.stringMatching(detail),
  });
});

test("an open port 80 is told, though it only redirects", async () => {
  const redirecting = createHttpServer((_, answer) =>
    answer.writeHead(301, { location: `https://${hostName}/` }).end(),
  );
  const httpPort = await listen(redirecting);
  expect(await failures({ expected: { httpPort } })).toEqual({ "port-80": `127.0.0.1:${httpPort} takes connections` });
});

test("where nothing listens, what was not refused is not called refused", async () => {
  const failed = await failures({ expected: { port: await closedPort() } });
  expect(Object.keys(failed)).toEqual(expect.arrayContaining(["chain", "protocols", "ciphers", "revocation", "hsts"]));
});
