import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { log } from "../log.ts";
import { descendants, signal, spawnBound } from "../processes.ts";

const program = "/usr/sbin/sshd";

export function sshFiles(stateDirectory: string) {
  const folder = join(stateDirectory, "private", "ssh");
  return {
    folder,
    hostKey: join(folder, "ssh_host_ed25519_key"),
    authorizedKeys: join(folder, "authorized_keys"),
    configuration: join(folder, "sshd_config"),
    pid: join(folder, "sshd.pid"),
  };
}

/** Changes with the host key: sshd reads it once, at its start. */
export function sshFingerprint(stateDirectory: string): string {
  return createHash("sha256")
    .update(readFileSync(sshFiles(stateDirectory).hostKey))
    .digest("hex");
}

export interface SshdOptions {
  stateDirectory: string;
  address: string;
  port: number;
  /** The account that may log in; it must exist on this machine. */
  user?: string;
  /** The socket that the forced command hands sessions to. */
  sessionSocket: string;
}

/** The OpenSSH server of the simulated host: every session runs the forced command, whatever was asked for. */
export class Sshd {
  #child: ChildProcess | undefined;

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  async start(options: SshdOptions): Promise<void> {
    const files = sshFiles(options.stateDirectory);
    writeFileSync(files.configuration, configuration(options), { mode: 0o600 });
    // Compiled into OpenSSH: as root it separates privileges in this folder and refuses to start without it.
    if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    const child = spawnBound(program, ["-D", "-e", "-f", files.configuration], { stdio: ["ignore", "ignore", "pipe"] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, name) => {
        this.#child = undefined;
        reject(new Error(`sshd ended (${name ?? code})`));
      });
      createInterface({ input: child.stderr as Readable }).on("line", (line) => {
        log("sshd", line);
        if (line.startsWith("Server listening on")) resolve();
      });
    });
  }

  /** Ends the listener and every connection: each runs in a process group of its own. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const connections = descendants(child.pid);
    child.kill("SIGTERM");
    for (const pid of connections) signal(pid, "SIGKILL");
    await ended;
  }
}

function configuration(options: SshdOptions): string {
  const files = sshFiles(options.stateDirectory);
  const user = options.user ?? userInfo().username;
  const forced = [process.execPath, join(import.meta.dirname, "forced.mjs"), options.sessionSocket]
    .map(shellWord)
    .join(" ");
  return [
    `ListenAddress ${options.address}`,
    `Port ${options.port}`,
    `HostKey ${configurationWord(files.hostKey)}`,
    `PidFile ${configurationWord(files.pid)}`,
    `AuthorizedKeysFile ${configurationWord(files.authorizedKeys)}`,
    `AllowUsers ${user}`,
    // The folders above the key file belong to whoever checked the project out.
    "StrictModes no",
    // Without PAM, OpenSSH refuses an account whose password is locked, as root's is on many machines, even by key.
    `UsePAM ${hasLockedPassword(user) ? "yes" : "no"}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
    "DisableForwarding yes",
    "PermitTTY no",
    "PermitUserRC no",
    "PrintMotd no",
    "UseDNS no",
    `ForceCommand ${forced}`,
    "",
  ].join("\n");
}

/** Only root can read this; sshd run by others does not see the lock either. */
function hasLockedPassword(user: string): boolean {
  if (process.getuid?.() !== 0) return false;
  const line = readFileSync("/etc/shadow", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${user}:`));
  return line?.split(":")[1]?.startsWith("!") ?? false;
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function configurationWord(text: string): string {
  return `"${text}"`;
}
