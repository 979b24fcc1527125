import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { projectDirectory } from "./environment.ts";

/** Commands of the real machine that set-up scripts and stand-ins use. */
const basics = [
  "sh",
  "tar",
  "gzip",
  "cat",
  "mkdir",
  "rm",
  "mv",
  "cp",
  "chmod",
  "grep",
  "sleep",
  "dirname",
  "ln",
  "env",
];

/** What a run of a program printed and how it ended. */
export interface Ended {
  code: number | null;
  output: string;
}

/** A machine with an empty cache, a fresh checkout of the set-up, and nothing on PATH but basics and stand-ins. */
export interface FreshMachine {
  readonly folder: string;
  readonly checkout: string;
  /** `$XDG_CACHE_HOME`. */
  readonly cache: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Puts a command on PATH; each call is noted as its name and arguments. `body` is sh. */
  command(name: string, body: string): void;
  removeCommand(name: string): void;
  /** The noted calls of stand-ins. */
  calls(): string[];
  /** Starts the set-up; `ended` settles when it is through. */
  start(): { pid: number; output(): string; kill(signal: NodeJS.Signals): void; ended: Promise<Ended> };
  /** Runs the set-up to its end. */
  setUp(): Promise<Ended>;
  remove(): void;
}

/** Makes a machine on which `npm` and `go` have stand-ins that leave what the real ones would. */
export function freshMachine(): FreshMachine {
  const folder = mkdtempSync(join(tmpdir(), "mfakit-setup-"));
  const checkout = join(folder, "checkout");
  const cache = join(folder, "cache");
  const bin = join(folder, "bin");
  const notes = join(folder, "calls");
  mkdirSync(bin);
  cpSync(join(projectDirectory, "scripts", "setup"), join(checkout, "scripts", "setup"), { recursive: true });
  for (const name of basics) symlinkSync(realCommand(name), join(bin, name));
  const environment = {
    PATH: bin,
    HOME: folder,
    XDG_CACHE_HOME: cache,
    // Nothing of a test reaches the Internet: this proxy refuses every connection.
    NODE_USE_ENV_PROXY: "1",
    HTTPS_PROXY: "http://127.0.0.1:1",
  };

  const machine: FreshMachine = {
    folder,
    checkout,
    cache,
    environment,
    command(name, body) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${notes}"\n${body}\n`, { mode: 0o755 });
    },
    removeCommand(name) {
      rmSync(join(bin, name));
    },
    calls() {
      return existsSync(notes) ? readFileSync(notes, "utf8").trimEnd().split("\n") : [];
    },
    start() {
      const child = spawn(process.execPath, [join(checkout, "scripts", "setup", "main.js")], {
        cwd: checkout,
        env: environment,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text) => (output += text));
      const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, output })));
      return { pid: child.pid ?? 0, output: () => output, kill: (signal) => child.kill(signal), ended };
    },
    setUp: () => machine.start().ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };

  writeLockFile(machine, "1.0.0");
  machine.command("git", "");
  machine.command("npm", npmCi);
  machine.command("go", goBuild);
  for (const name of [
    "samba",
    "samba-tool",
    "winbindd",
    "ldapsearch",
    "ldapmodify",
    "sshd",
    "mono",
    "mcs",
    "openssl",
    "dig",
  ]) {
    machine.command(name, "");
  }
  return machine;
}

/** Gives the checkout a package-lock.json that asks for `version` of a package. */
export function writeLockFile({ checkout }: FreshMachine, version: string): void {
  const packages = { "": {}, "node_modules/a": { version }, "node_modules/b": { version: "1.0.0", optional: true } };
  writeFileSync(join(checkout, "package-lock.json"), JSON.stringify({ lockfileVersion: 3, packages }));
}

/** Leaves what `npm ci` leaves: its own note of what is installed, and the kit's Node.js. */
export const npmCi = `
rm -rf node_modules
mkdir -p node_modules/.bin node_modules/node/bin
echo '#!/bin/sh' > node_modules/node/bin/node
chmod +x node_modules/node/bin/node
ln -s ../node/bin/node node_modules/.bin/node
cp package-lock.json node_modules/.package-lock.json`;

/** Leaves the program that \`go build -o\` names. */
export const goBuild = `
while [ "$1" != -o ]; do shift; done
echo example.com/compiled
mkdir -p "$(dirname "$2")"
echo '#!/bin/sh' > "$2"
chmod +x "$2"`;

function realCommand(name: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const path = folders.map((folder) => join(folder, name)).find((each) => existsSync(each));
  if (path === undefined) throw new Error(`this machine has no ${name}`);
  return path;
}
