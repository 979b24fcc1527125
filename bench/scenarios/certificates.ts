import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { certificate } from "../../provider/acme/definition.ts";
import { openConnections } from "../../provider/connections/open.ts";
import { legoBinary } from "../../scripts/setup/locations.js";
import { startBind, type TestBind } from "../../tests/support/bind.ts";
import { startPebble, type TestPebble } from "../../tests/support/pebble.ts";
import type { Scenario } from "../main.ts";
import { median, milliseconds } from "../measure.ts";
import { against, type BenchmarkResult } from "../result.ts";

const ZONE = "bench.example";
const COUNTS = [1, 10, 50] as const;
const RUNS = 3;
/** How much faster many at once must be than one after another. */
const PARALLEL_GAIN = 5;

/** The longest time, in seconds, that the authority takes to validate while many at once are compared with one after another. */
const VALIDATION_SECONDS = 2;

/**
 * Certificates from one Pebble, proven in one BIND zone by signed updates: the kit's provider beside lego. Both make a PFX, and P-256
 * keys, lego's default: with RSA most of the time would be the search for primes, which is OpenSSL's and Go's.
 */
export const certificates: Scenario = {
  names: COUNTS.map((count) => `certificates-${count}`),
  async run(selected, say) {
    await buildLego(say);
    const bind = await startBind([ZONE]);
    const folder = await mkdtemp(join(tmpdir(), "mfakit-bench-certificates-"));
    let pebble: TestPebble | undefined;
    try {
      pebble = await startPebble(bind.address, { nonceRejectPercent: 0, authorizationReusePercent: 0 });
      const lego = await openLego(folder, pebble, bind);
      const results: BenchmarkResult[] = [];
      for (const count of COUNTS) {
        if (selected.has(`certificates-${count}`)) results.push(...(await measure(count, { pebble, bind, lego, say })));
      }
      const most = Math.max(...COUNTS);
      if (selected.has(`certificates-${most}`)) results.push(await measureGain(most, bind, say));
      return results;
    } finally {
      await pebble?.stop();
      await bind.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Setting {
  pebble: TestPebble;
  bind: TestBind;
  lego: (names: string[]) => Promise<void>;
  say: (line: string) => void;
}

async function measure(count: number, { pebble, bind, lego, say }: Setting): Promise<BenchmarkResult[]> {
  const name = `certificates-${count}`;
  const kit = (names: string[], isParallel: boolean) => issueByKit(pebble, bind, names, isParallel);
  const [own, others]: [number[], number[]] = [[], []];
  const [before, ordersOfKit, ordersOfLego] = [orders(pebble), [] as number[], [] as number[]];
  let seen = await before;
  const counted = async (to: number[]) => {
    const now = await orders(pebble);
    to.push(now - seen);
    seen = now;
  };
  for (let run = 0; run < RUNS; run++) {
    say(`${name}: run ${run + 1} of ${RUNS}`);
    own.push(await milliseconds(() => kit(namesOf(count, `kit-${run}`), true)));
    await counted(ordersOfKit);
    others.push(await milliseconds(() => lego(namesOf(count, `lego-${run}`))));
    await counted(ordersOfLego);
  }
  const value = median(own);
  const peerValue = median(others);
  const target = "not slower than it";
  const results = [against("lego", peerValue, { name, value, unit: "ms", target, met: value <= peerValue })];
  results.push(
    against("lego", median(ordersOfLego), { name: `${name}: orders`, value: median(ordersOfKit), unit: "orders" }),
  );
  return results;
}

/** Many at once against one after another, at an authority that takes its time, as public ones do. */
async function measureGain(count: number, bind: TestBind, say: Setting["say"]): Promise<BenchmarkResult> {
  const pebble = await startPebble(bind.address, {
    nonceRejectPercent: 0,
    authorizationReusePercent: 0,
    slowValidation: true,
    longestValidationSeconds: VALIDATION_SECONDS,
  });
  try {
    say(`certificates-${count}: at once, then one after another; each is validated within ${VALIDATION_SECONDS} s`);
    const value = await milliseconds(() => issueByKit(pebble, bind, namesOf(count, "together"), true));
    const alone = await milliseconds(() => issueByKit(pebble, bind, namesOf(count, "alone"), false));
    const met = value * PARALLEL_GAIN <= alone;
    const name = `certificates-${count}: at once`;
    return against("one after another", alone, {
      name,
      value,
      unit: "ms",
      target: `${PARALLEL_GAIN} times faster`,
      met,
    });
  } finally {
    await pebble.stop();
  }
}

function namesOf(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}.${ZONE}`);
}

/** What one provider process does for so many `Certificate` resources; its open orders are recorded in a folder of their own. */
async function issueByKit(pebble: TestPebble, bind: TestBind, names: string[], isParallel: boolean): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "mfakit-bench-home-"));
  const former = process.env.PULUMI_HOME;
  process.env.PULUMI_HOME = home;
  const acme = { ...pebble.connection, dnsServers: [bind.address], dnsUpdate: bind.connection(ZONE) };
  const connections = openConnections({ acme });
  const { signal } = new AbortController();
  const issue = (name: string) =>
    certificate.lifecycle.create(
      {
        dnsNames: [name],
        keyType: "ecdsaP256",
        renewBefore: 1 / 3,
        pfxEncryption: "compatible",
        revokeOnDelete: false,
      },
      {
        connections,
        urn: `urn:pulumi:bench::bench::mfakit:acme:Certificate::${name}`,
        signal,
        now: () => new Date(),
        progress: () => undefined,
        warn: (message) => {
          throw new Error(message);
        },
      },
    );
  try {
    if (isParallel) await Promise.all(names.map(issue));
    else for (const name of names) await issue(name);
  } finally {
    await connections.close();
    if (former === undefined) delete process.env.PULUMI_HOME;
    else process.env.PULUMI_HOME = former;
    await rm(home, { recursive: true, force: true });
  }
}

/** lego orders one certificate in each process: they run at the same time, with one account that is there before. */
async function openLego(folder: string, pebble: TestPebble, bind: TestBind): Promise<Setting["lego"]> {
  const { key, keyName, server } = bind.connection(ZONE);
  const caFile = join(folder, "ca.pem");
  await writeFile(caFile, pebble.connection.caCertificates ?? "");
  const env = {
    PATH: process.env.PATH,
    LEGO_CA_CERTIFICATES: caFile,
    RFC2136_NAMESERVER: server,
    RFC2136_TSIG_ALGORITHM: "hmac-sha256.",
    RFC2136_TSIG_KEY: `${keyName}.`,
    RFC2136_TSIG_SECRET: key,
    // Its shortest: it waits so long before its first look.
    RFC2136_POLLING_INTERVAL: "0",
  };
  const issue = (name: string, path: string) =>
    run(
      legoBinary(),
      [
        ...["--server", pebble.directoryUrl, "--path", path, "--email", "bench@contoso.com", "--accept-tos"],
        ...["--key-type", "ec256", "--domains", name, "--dns", "rfc2136", "--dns.resolvers", bind.address],
        ...["--pfx", "--pfx.format", "DES"],
        // Name servers are asked on port 53 alone, which is not this BIND's: it asks the resolver instead, as the kit does here.
        ...["--dns.propagation-disable-ans", "--dns.propagation-rns", "run"],
      ],
      env,
    );
  const first = join(folder, "account");
  await issue(`account.${ZONE}`, first);
  return async (names) => {
    const paths = names.map((name) => join(folder, name));
    await Promise.all(paths.map((path) => cp(join(first, "accounts"), join(path, "accounts"), { recursive: true })));
    await Promise.all(names.map((name, index) => issue(name, paths[index] ?? "")));
  };
}

async function buildLego(say: (line: string) => void): Promise<void> {
  if (existsSync(legoBinary())) return;
  say("building lego, which takes some minutes");
  const script = resolve(import.meta.dirname, "../../scripts/setup/judges.js");
  await run(process.execPath, [script, "lego"], process.env);
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code) => (code === 0 ? done() : failed(new Error(`${command} ended with ${code}: ${said}`))));
  });
}

async function orders({ logFile }: TestPebble): Promise<number> {
  return [...(await readFile(logFile, "utf8")).matchAll(/Added order/g)].length;
}
