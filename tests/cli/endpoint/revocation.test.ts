import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Endpoint } from "../../../cli/endpoint/endpoint.ts";
import { verifyEndpoint } from "../../../cli/endpoint/verifyEndpoint.ts";
import {
  authorityExtensions,
  type OpensslCertificate,
  opensslCertificate,
  run,
} from "../../support/opensslAuthority.ts";

const hostName = "mfa.dev.contoso.com";
const folder = mkdtempSync(join(tmpdir(), "mfakit-revocation-"));
const file = (name: string) => join(folder, name);
const servers: Server[] = [];
let root: OpensslCertificate;
let leaf: OpensslCertificate;
let port: number;
/** How the responder and the list's server answer now. */
let broken = false;

beforeAll(async () => {
  const web = await listen(
    createHttpServer((asked, answer) => {
      if (broken) return answer.writeHead(503).end();
      if (asked.url === "/ca.crl") return answer.end(readFileSync(file("ca.crl")));
      const parts: Buffer[] = [];
      asked.on("data", (part: Buffer) => parts.push(part)).once("end", () => answer.end(respond(Buffer.concat(parts))));
    }),
  );
  root = opensslCertificate(folder, "root", { extensions: authorityExtensions });
  leaf = opensslCertificate(folder, "leaf", {
    names: `DNS:${hostName}`,
    issuer: root,
    extensions: [
      `authorityInfoAccess=OCSP;URI:http://127.0.0.1:${web}/ocsp`,
      `crlDistributionPoints=URI:http://127.0.0.1:${web}/ca.crl`,
    ],
  });
  writeRegister("V");
  writeList();
  port = await listen(
    createServer({ cert: leaf.certPem + root.certPem, key: leaf.keyPem }, (_, answer) => answer.end()),
  );
});

afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** OpenSSL's register of issued certificates; `R`: revoked. */
function writeRegister(state: "V" | "R"): void {
  const serial = new X509Certificate(leaf.certPem).serialNumber;
  const revoked = state === "R" ? "250101000000Z" : "";
  writeFileSync(file("index.txt"), `${state}\t490101000000Z\t${revoked}\t${serial}\tunknown\t/O=Contoso/CN=leaf\n`);
}

function writeList(days = "7"): void {
  writeFileSync(file("ca.cnf"), `[ca]\ndefault_ca=d\n[d]\ndatabase=${file("index.txt")}\ndefault_md=sha256\n`);
  const issuer = ["-cert", root.certFile, "-keyfile", root.keyFile];
  run("ca", "-gencrl", "-config", file("ca.cnf"), ...issuer, "-crldays", days, "-out", file("crl.pem"));
  run("crl", "-in", file("crl.pem"), "-outform", "DER", "-out", file("ca.crl"));
}

/** OpenSSL reads the request and answers it: what the kit wrote must be one. */
function respond(request: Buffer): Buffer {
  writeFileSync(file("request.der"), request);
  const signer = ["-CA", root.certFile, "-rsigner", root.certFile, "-rkey", root.keyFile];
  run("ocsp", "-index", file("index.txt"), ...signer, "-reqin", file("request.der"), "-respout", file("response.der"));
  return readFileSync(file("response.der"));
}

async function revocation(now = new Date()): Promise<{ status: string; detail: string } | undefined> {
  const endpoint: Endpoint = {
    hostName,
    expectedAddresses: ["127.0.0.1"],
    caaIssuer: undefined,
    caaAccountUri: undefined,
    thumbprint: "",
    url: `https://${hostName}/`,
    port,
    httpPort: 1,
    trustedRoots: root.certPem,
    now,
    nameServers: async () => [],
    addresses: async () => ["127.0.0.1"],
  };
  return (await verifyEndpoint(endpoint)).find(({ id }) => id === "revocation");
}

describe("revocation", { shuffle: false }, () => {
  test("holds while responder and list call the certificate good", async () => {
    expect(await revocation()).toMatchObject({
      status: "pass",
      detail: expect.stringMatching(/^http:.*\/ocsp: good, http:.*\/ca\.crl: good$/),
    });
  });

  test("fails when neither can be had", async () => {
    broken = true;
    expect(await revocation()).toMatchObject({
      status: "fail",
      detail: expect.stringMatching(/cannot be read: it answers 503/),
    });
    broken = false;
  });

  test("fails when the list is out of date", async () => {
    const later = new Date(Date.now() + 8 * 24 * 60 * 60 * 1000);
    expect(await revocation(later)).toMatchObject({
      status: "fail",
      detail: expect.stringMatching(/ca\.crl is out of date/),
    });
  });

  test("fails when the list has the certificate", async () => {
    writeRegister("R");
    writeList();
    writeRegister("V");
    expect(await revocation()).toMatchObject({
      status: "fail",
      detail: expect.stringMatching(/ca\.crl lists the certificate/),
    });
  });

  test("fails when the responder calls it revoked", async () => {
    writeList();
    writeRegister("R");
    expect(await revocation()).toMatchObject({
      status: "fail",
      detail: expect.stringMatching(/ocsp answers: revoked/),
    });
  });
});
