import { spawn, spawnSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DnsUpdateConnection } from "../../provider/configuration.ts";
import { freePort } from "./freePort.ts";

/** A BIND that a test owns: the primary of some zones, which takes signed updates of TXT records below `_acme-challenge`. */
export interface TestBind {
  /** `address:port`. */
  address: string;
  /** How the kit reaches one of its zones. */
  connection(zone: string): DnsUpdateConnection;
  /** TXT values at a name, as the server answers. */
  texts(name: string): Promise<string[]>;
  /** Adds records, one line each as in a zone file, by BIND's own nsupdate. */
  add(zone: string, ...records: string[]): void;
  log(): Promise<string>;
  stop(): Promise<void>;
}

const SECRET = Buffer.alloc(32, 7).toString("base64");

/** Finds the program where Debian puts it; its folder is not on everybody's PATH. */
export function namedBinary(): string | undefined {
  return ["/usr/sbin/named", "/usr/bin/named"].find(
    (path) => spawnSync(path, ["-v"], { stdio: "ignore" }).status === 0,
  );
}

export async function startBind(zones: readonly string[]): Promise<TestBind> {
  const binary = namedBinary();
  if (binary === undefined) throw new Error("BIND (named) is not installed; the set-up installs the package bind9");
  const directory = await mkdtemp(join(tmpdir(), "mfakit-bind-"));
  await chmod(directory, 0o755);
  const port = await freePort();
  for (const zone of zones) {
    // The name server's name is its address: nothing else has to be resolved.
    const text = `$TTL 60\n@ SOA ns.${zone}. root.${zone}. 1 60 60 60 5\n@ NS ns.${zone}.\nns A 127.0.0.1\n`;
    await writeFile(join(directory, `${zone}.zone`), text);
  }
  const grants = ["mfakit", "admin"].map((key) => `key "${key}" { algorithm hmac-sha256; secret "${SECRET}"; };`);
  const policy = (zone: string) => `update-policy { grant mfakit wildcard *.${zone} TXT; grant admin zonesub ANY; }`;
  const configuration = [
    ...grants,
    `options { directory "${directory}"; pid-file none; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };`,
    "  allow-recursion { 127.0.0.1; }; dnssec-validation no; session-keyfile none; allow-transfer { none; }; };",
    "controls { };",
    ...zones.map((zone) => `zone "${zone}" { type primary; file "${zone}.zone"; ${policy(zone)}; };`),
  ].join("\n");
  await writeFile(join(directory, "named.conf"), configuration);
  const logFile = join(directory, "named.log");
  // It ends with the test, even when that is killed.
  const named = [binary, "-f", "-c", join(directory, "named.conf"), "-L", logFile, "-n", "1"];
  const child = spawn("setpriv", ["--pdeathsig", "SIGTERM", ...named], { stdio: "ignore" });
  const ended = once(child, "close");
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  for (let waited = 0; ; waited += 50) {
    const answers = await resolver.resolveNs(zones[0] ?? "").catch(() => []);
    if (answers.length > 0) break;
    if (child.exitCode !== null || waited > 10_000) {
      const log = await readFile(logFile, "utf8").catch(() => "");
      await stop();
      throw new Error(`BIND does not answer: ${log}`);
    }
    await sleep(50);
  }
  return {
    address: `127.0.0.1:${port}`,
    connection: (zone) => ({
      server: `127.0.0.1:${port}`,
      zone,
      keyName: "mfakit",
      key: SECRET,
      algorithm: "hmac-sha256",
    }),
    texts: async (name) =>
      (await resolver.resolveTxt(name).catch(() => [])).map((strings) => strings.join("")).toSorted(),
    add(zone, ...records) {
      const script = [
        `server 127.0.0.1 ${port}`,
        `zone ${zone}.`,
        `key hmac-sha256:admin ${SECRET}`,
        ...records.map((record) => `update add ${record}`),
        "send",
        "",
      ].join("\n");
      const { status, stderr } = spawnSync("nsupdate", [], { input: script });
      if (status !== 0) throw new Error(`nsupdate: ${stderr}`);
    },
    log: () => readFile(logFile, "utf8"),
    stop,
  };
}
