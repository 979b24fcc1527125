import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCertificateAuthority } from "../../../sandbox/pki/index.ts";
import { type FreshMachine, freshMachine } from "../../support/freshMachine.ts";

let machine: FreshMachine;
let servers: Server[];
const sockets = new Set<Socket>();
beforeEach(() => {
  machine = freshMachine();
  servers = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  machine.remove();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Answers every https address with the given files, by a proxy whose authority the machine trusts. */
async function internet(files: Record<string, Buffer | string>): Promise<void> {
  const authority = await openCertificateAuthority(join(machine.folder, "authority"));
  const { certPem, keyPem } = await authority.issueCertificate({ dnsNames: ["github.com", "get.pulumi.com"] });
  const site = createHttps({ cert: certPem, key: keyPem }, (request, response) => {
    const body = files[`https://${request.headers.host}${request.url}`];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  const port = await listen(site);
  const proxy = createHttp();
  proxy.on("connect", (_request, socket) => {
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const each of [socket, upstream]) each.on("error", () => each.destroy());
  });
  machine.environment.HTTPS_PROXY = `http://127.0.0.1:${await listen(proxy)}`;
  machine.environment.NODE_EXTRA_CA_CERTS = authority.caFile;
}

const archive = `pulumi-v3.220.0-linux-${process.arch}.tar.gz`;
const checksums = "https://github.com/pulumi/pulumi/releases/download/v3.220.0/pulumi-3.220.0-checksums.txt";
const release = `https://get.pulumi.com/releases/sdk/${archive}`;

/** An archive laid out like the official one. */
function officialArchive(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-archive-"));
  mkdirSync(join(folder, "pulumi"));
  for (const name of ["pulumi", "pulumi-language-nodejs", "pulumi-language-go", "pulumi-analyzer-policy"]) {
    writeFileSync(join(folder, "pulumi", name), `#!/bin/sh\n# official ${name}\n`, { mode: 0o755 });
  }
  execFileSync("tar", ["-czf", join(folder, "a.tar.gz"), "-C", folder, "pulumi"]);
  const bytes = readFileSync(join(folder, "a.tar.gz"));
  rmSync(folder, { recursive: true });
  return bytes;
}

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const engine = (name: string): string =>
  readFileSync(join(machine.cache, "mfakit", "engine-v3.220.0", "bin", name), "utf8");

describe("the official download of the engine", () => {
  it("is taken when its checksum is right", async () => {
    const bytes = officialArchive();
    await internet({
      [checksums]: `${sha256(Buffer.from("x"))}  other.tar.gz\n${sha256(bytes)}  ${archive}\n`,
      [release]: bytes,
    });
    const { code } = await machine.setUp();
    expect(code).toBe(0);
    expect(engine("pulumi")).toContain("# official pulumi");
    expect(engine("pulumi-language-go")).toContain("# official");
    expect(engine("pulumi-analyzer-policy")).toContain("cmd/run-policy-pack");
    expect(existsSync(join(machine.cache, "mfakit", "engine-v3.220.0", archive))).toBe(false);
  });

  it("is refused when its checksum is wrong; the engine is then built", async () => {
    const bytes = officialArchive();
    await internet({ [checksums]: `${sha256(Buffer.from("x"))}  ${archive}\n`, [release]: bytes });
    const { code } = await machine.setUp();
    expect(code).toBe(0);
    expect(engine("pulumi")).not.toContain("# official");
    expect(machine.calls().some((call) => call.startsWith("go build") && call.endsWith("/cmd/pulumi"))).toBe(true);
  });

  it("is given up in seconds when nobody answers", async () => {
    const silent = createHttp();
    silent.on("connect", () => undefined);
    machine.environment.HTTPS_PROXY = `http://127.0.0.1:${await listen(silent)}`;
    const start = performance.now();
    const { code } = await machine.setUp();
    expect(code).toBe(0);
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(engine("pulumi")).not.toContain("# official");
  });
});
