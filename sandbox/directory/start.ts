import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "ldapts";
import { UserError } from "../../provider/engine/userError.ts";
import { baseDnOf, type DomainControllerOptions } from "./options.ts";
import { databaseFolder, writeSmbConf } from "./smbConf.ts";

const LDAPS_PORT = 636;
/** `samba` lies in /usr/sbin, which an ordinary user's PATH may lack. */
const DEBIAN_ENVIRONMENT = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" };
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 5_000;

/** A domain controller that answers. */
export interface RunningDirectory {
  readonly pid: number;
  /** `ldaps://<address>:636`. */
  readonly ldapsUrl: string;
  /** For example `DC=corp,DC=contoso,DC=com`. */
  readonly baseDn: string;
  readonly caFile: string;
  /** Of the running process; the tools that work beside it want it. */
  readonly configurationFile: string;
  /** Settles when the process ends, wanted or not. */
  readonly ended: Promise<void>;
  /** Ends the process and waits for it. */
  stop(): Promise<void>;
}

/**
 * Starts a provisioned controller and waits until it answers over LDAPS. The process ends with `stop`, when this process dies
 * (parent-death signal), and when its standard input closes.
 *
 * @throws UserError with the cause when it cannot be started; nothing is left running then.
 */
export async function startDirectory(options: DomainControllerOptions): Promise<RunningDirectory> {
  await refuseTakenAddress(options.address);
  await mkdir(join(databaseFolder(options.directory), "ncalrpc"), { recursive: true });
  const configurationFile = await writeSmbConf(options);
  const log = openSync(options.logFile, "a", 0o600);
  const child = spawn(
    "setpriv",
    [
      "--pdeathsig",
      "SIGTERM",
      "samba",
      "--foreground",
      "--no-process-group",
      "--model=single",
      // Otherwise a file in the system's log folder is opened before the configuration is read.
      "--debug-stdout",
      "-s",
      configurationFile,
    ],
    { stdio: ["pipe", log, log], env: DEBIAN_ENVIRONMENT },
  );
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const baseDn = baseDnOf(options.realm);
  try {
    await untilItAnswers(child, options, baseDn);
  } catch (error) {
    await end(child);
    throw error;
  }
  return {
    pid: child.pid as number,
    ldapsUrl: `ldaps://${options.address}:${LDAPS_PORT}`,
    baseDn,
    caFile: options.tls.caFile,
    configurationFile,
    ended,
    stop: () => end(child),
  };
}

/** Somebody else's server on this address would answer the health check in place of ours. */
async function refuseTakenAddress(address: string): Promise<void> {
  const probe = createServer();
  probe.listen(LDAPS_PORT, address);
  try {
    await once(probe, "listening");
  } catch (error) {
    throw new UserError(
      "DIRECTORY_ADDRESS_TAKEN",
      {
        what: `${address}:${LDAPS_PORT} cannot be listened on, so the domain controller cannot start there`,
        why: messageOf(error),
        next: "End the program that listens there, or run where this port is allowed, then run the command again.",
      },
      { cause: error },
    );
  }
  probe.close();
  await once(probe, "close");
}

async function untilItAnswers(child: ChildProcess, options: DomainControllerOptions, baseDn: string): Promise<void> {
  const ca = await readFile(options.tls.caFile, "utf8");
  const deadline = Date.now() + START_DEADLINE_MS;
  let failure: unknown;
  let spawnFailure: Error | undefined;
  child.once("error", (error) => {
    spawnFailure = error;
  });
  while (Date.now() < deadline) {
    if (spawnFailure !== undefined) {
      throw new UserError(
        "SETPRIV_MISSING",
        {
          what: "setpriv cannot be started, so the domain controller cannot",
          why: spawnFailure.message,
          next: "Install the package util-linux and run the command again.",
        },
        { cause: spawnFailure },
      );
    }
    if (child.exitCode !== null || child.signalCode !== null) {
      const how = child.exitCode === null ? `signal ${child.signalCode}` : `exit code ${child.exitCode}`;
      throw new UserError(
        "DIRECTORY_ENDED",
        {
          what: `samba ended with ${how} before it answered`,
          why: `its log says why: ${options.logFile}`,
          next: "Read it, mend the cause and run the command again.",
        },
        { cause: failure },
      );
    }
    try {
      const served = await servedNamingContext(options.address, ca);
      if (served.toLowerCase() !== baseDn.toLowerCase())
        throw new Error(`the controller serves ${served}, not ${baseDn}`);
      return;
    } catch (error) {
      failure = error;
    }
    await delay(100);
  }
  throw new UserError(
    "DIRECTORY_SILENT",
    {
      what: `samba did not answer on ${options.address}:${LDAPS_PORT} within ${START_DEADLINE_MS / 1000} seconds`,
      why: `the last attempt failed (${messageOf(failure)})`,
      next: `Read its log ${options.logFile}, mend the cause and run the command again.`,
    },
    { cause: failure },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function servedNamingContext(address: string, ca: string): Promise<string> {
  const client = new Client({
    url: `ldaps://${address}:${LDAPS_PORT}`,
    tlsOptions: { ca },
    connectTimeout: 2000,
    timeout: 5000,
  });
  try {
    const { searchEntries } = await client.search("", { scope: "base", attributes: ["defaultNamingContext"] });
    return String(searchEntries[0]?.defaultNamingContext);
  } finally {
    await client.unbind();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, "close");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
  await closed;
  clearTimeout(force);
}
