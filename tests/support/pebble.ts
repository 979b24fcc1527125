import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AcmeConnection } from "../../provider/configuration.ts";
import { type AcmeOptions, type RunningAcme, startAcme } from "../../sandbox/acme/index.ts";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";
import { pebbleBinary } from "../../scripts/setup/locations.js";

/** A Pebble that a test owns, with the connection that reaches it. */
export interface TestPebble extends RunningAcme {
  connection: AcmeConnection;
  /** Where it keeps its files; gone after `stop`. */
  directory: string;
  /** What Pebble logged. */
  logFile: string;
  /** Calls one of Pebble's own interfaces; returns the body. */
  request(method: "GET" | "POST", url: string, body?: object): Promise<string>;
}

/** Starts a Pebble for one test file. `dnsServer`: `address:port` of the server that answers for the zone. */
export async function startPebble(dnsServer: string, options: Partial<AcmeOptions> = {}): Promise<TestPebble> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "mfakit-pebble-")));
  const authority = await openCertificateAuthority(directory);
  const address = "127.0.0.1";
  const tls = await authority.ensureCertificateFiles(directory, "acme", {
    dnsNames: ["localhost"],
    ipAddresses: [address],
  });
  const logFile = join(directory, "pebble.log");
  const running = await startAcme({
    directory,
    address,
    dnsServer,
    tls: { ...tls, caFile: authority.caFile },
    logFile,
    pebbleBinary: pebbleBinary(),
    ...options,
  });
  return {
    ...running,
    directory,
    logFile,
    request: (method, url, body) => call(method, url, body, authority.caPem),
    connection: { directoryUrl: running.directoryUrl, caCertificates: authority.caPem, dnsServers: [dnsServer] },
    async stop() {
      await running.stop();
      if (!options.directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

function call(method: string, url: string, body: object | undefined, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, ca, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${url}: ${text}`))));
    });
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/**
 * Runs openssl, another pair of eyes, and returns all that it prints. The password, if any, goes through the environment as
 * `PFX_PASSWORD`. Throws openssl's own words when it fails.
 */
export function openssl(args: string[], input: string | Buffer = "", password = ""): string {
  const { status, stdout, stderr } = spawnSync("openssl", args, {
    input,
    env: { PATH: process.env.PATH, PFX_PASSWORD: password },
  });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
  return `${stdout}${stderr}`;
}
