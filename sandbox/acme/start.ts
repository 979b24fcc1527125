import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { get } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../provider/engine/userError.ts";
import { type PebbleConfiguration, pebbleEnvironment, writeConfiguration } from "./configuration.ts";
import type { AcmeOptions } from "./options.ts";

/** A certificate authority that answers. */
export interface RunningAcme {
  readonly pid: number;
  /** For ACME clients. */
  readonly directoryUrl: string;
  /** Pebble's own interface: roots, intermediates, state of certificates. */
  readonly managementUrl: string;
  /** Settles when the process ends, wanted or not. */
  readonly ended: Promise<void>;
  /** The root of this start, PEM. Pebble can keep none: whoever must trust older certificates too collects the roots. */
  rootPem(): Promise<string>;
  stop(): Promise<void>;
}

const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;
const START_ATTEMPTS = 3;

/**
 * Starts Pebble, a real ACME server made for tests, and waits until it answers. It ends with `stop` and when this process dies
 * (parent-death signal). Accounts, orders and the issuing root are new at every start: Pebble keeps nothing on disk, and takes no
 * root from outside.
 *
 * @throws UserError with the cause when it cannot be started; nothing is left running then.
 */
export async function startAcme(options: AcmeOptions): Promise<RunningAcme> {
  await mkdir(options.directory, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const configuration = await writeConfiguration(options);
    const child = spawnPebble(options, configuration);
    const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const running = describe(options, configuration, child, ended);
    try {
      await untilItAnswers(options, running, child);
      return running;
    } catch (error) {
      await running.stop();
      // Between choosing a port and listening on it, somebody else may have taken it.
      if (attempt === START_ATTEMPTS || !(error instanceof EndedEarly)) throw error;
    }
  }
}

/** The process ended before it answered. */
class EndedEarly extends UserError {}

function spawnPebble(options: AcmeOptions, configuration: PebbleConfiguration): ChildProcess {
  const log = openSync(options.logFile, "a", 0o600);
  const pebble = [options.pebbleBinary, "-strict", "-config", configuration.file, "-dnsserver", options.dnsServer];
  const child = spawn("setpriv", ["--pdeathsig", "SIGTERM", ...pebble], {
    stdio: ["ignore", log, log],
    env: { PATH: process.env.PATH, ...pebbleEnvironment(options) },
  });
  closeSync(log);
  return child;
}

function describe(
  options: AcmeOptions,
  { port, managementPort }: PebbleConfiguration,
  child: ChildProcess,
  ended: Promise<void>,
): RunningAcme {
  const managementUrl = `https://${options.address}:${managementPort}`;
  return {
    pid: child.pid ?? 0,
    directoryUrl: `https://${options.address}:${port}/dir`,
    managementUrl,
    ended,
    rootPem: () => read(`${managementUrl}/roots/0`, options.tls.caFile),
    stop: () => end(child),
  };
}

async function untilItAnswers(options: AcmeOptions, running: RunningAcme, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  let spawnFailure: Error | undefined;
  child.once("error", (error) => {
    spawnFailure = error;
  });
  for (;;) {
    try {
      await read(running.directoryUrl, options.tls.caFile);
      await running.rootPem();
      return;
    } catch (cause) {
      const failure = failureOf(options, running, child, spawnFailure, Date.now() > deadline, cause);
      if (failure !== undefined) throw failure;
      await delay(50);
    }
  }
}

/** Why waiting any longer is of no use; undefined when it may be. */
function failureOf(
  { logFile }: AcmeOptions,
  { directoryUrl }: RunningAcme,
  child: ChildProcess,
  spawnFailure: Error | undefined,
  late: boolean,
  cause: unknown,
): UserError | undefined {
  if (spawnFailure) {
    const what = "setpriv cannot be started, so Pebble cannot";
    const next = "Install the package util-linux and run the command again.";
    return new UserError("SETPRIV_MISSING", { what, why: spawnFailure.message, next }, { cause: spawnFailure });
  }
  if (child.exitCode !== null || child.signalCode !== null) {
    const what = `Pebble ended with ${child.exitCode ?? child.signalCode} before it answered`;
    const next = "Read it, mend the cause and run the command again.";
    return new EndedEarly("ACME_ENDED", { what, why: `its log says why: ${logFile}`, next }, { cause });
  }
  if (!late) return undefined;
  const what = `Pebble did not answer at ${directoryUrl} within ${START_DEADLINE_MS / 1000} seconds`;
  const why = `the last attempt failed (${cause instanceof Error ? cause.message : String(cause)})`;
  return new UserError(
    "ACME_SILENT",
    { what, why, next: `Read its log ${logFile}, mend the cause and run the command again.` },
    { cause },
  );
}

/** GET over verified TLS. */
function read(url: string, caFile: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ca: readFileSync(caFile), agent: false, timeout: 2_000 }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        body += part;
      });
      response.on("error", reject);
      response.on("end", () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
    });
    request.on("timeout", () => request.destroy(new Error(`${url} does not answer`)));
    request.on("error", reject);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  await closed;
  clearTimeout(force);
}
