import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AcmeConnection } from "../../provider/configuration.ts";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";
import { stepCaBinary } from "../../scripts/setup/locations.js";
import { freePort } from "./freePort.ts";

/** A step-ca that a test owns: an ACME server that nobody of Pebble's authors wrote. */
export interface StepCa {
  connection: AcmeConnection;
  rootPem: string;
  log(): string;
  stop(): Promise<void>;
}

/** Starts it. `dnsServer`: `address:port` of the server that answers for the zone. */
export async function startStepCa(dnsServer: string): Promise<StepCa> {
  const directory = await mkdtemp(join(tmpdir(), "mfakit-step-"));
  const authority = await openCertificateAuthority(directory);
  const port = await freePort();
  await copyFile(authority.caFile, join(directory, "issuer.crt"));
  const configuration = {
    root: authority.caFile,
    crt: join(directory, "issuer.crt"),
    key: join(directory, "ca.key"),
    address: `127.0.0.1:${port}`,
    dnsNames: ["localhost", "127.0.0.1"],
    logger: { format: "text" },
    db: { type: "badgerv2", dataSource: join(directory, "db") },
    authority: {
      provisioners: [{ type: "ACME", name: "acme", challenges: ["dns-01"] }],
    },
  };
  const file = join(directory, "ca.json");
  await writeFile(file, JSON.stringify(configuration));
  const child = spawn("setpriv", ["--pdeathsig", "SIGTERM", stepCaBinary(), file, `--resolver=${dnsServer}`], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: directory, STEPPATH: directory },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = once(child, "close");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const directoryUrl = `https://127.0.0.1:${port}/acme/acme/directory`;
  for (let waited = 0; !said.includes("Serving HTTPS on"); waited += 50) {
    if (child.exitCode !== null || waited > 20_000) {
      await stop();
      throw new Error(`step-ca does not serve: ${said}`);
    }
    await sleep(50);
  }
  return {
    connection: { directoryUrl, caCertificates: authority.caPem, dnsServers: [dnsServer] },
    rootPem: await readFile(authority.caFile, "utf8"),
    log: () => said,
    stop,
  };
}

/** True where `node scripts/setup/judges.js step-ca` has built it. */
export function hasStepCa(): boolean {
  return spawnSync(stepCaBinary(), ["version"], { stdio: "ignore" }).status === 0;
}
