import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { HostState } from "./state.ts";

/** The machine's memory on disk: the state in one file, secrets in another that nobody else may read. */
export class Store {
  state: HostState;
  readonly #stateFile: string;
  readonly #secretsFile: string;
  #secrets: Record<string, string>;

  constructor(directory: string) {
    mkdirSync(join(directory, "private"), { recursive: true, mode: 0o700 });
    this.#stateFile = join(directory, "state.json");
    this.#secretsFile = join(directory, "private", "secrets.json");
    this.state = readJson<HostState>(this.#stateFile) ?? { version: 1 };
    this.#secrets = readJson<Record<string, string>>(this.#secretsFile) ?? {};
  }

  save(): void {
    replaceFile(this.#stateFile, JSON.stringify(this.state, undefined, 2), 0o600);
  }

  /** A secret that Windows would keep encrypted, for example an application pool's password. */
  secret(name: string): string | undefined {
    return this.#secrets[name];
  }

  setSecret(name: string, value: string | undefined): void {
    if (value === undefined) delete this.#secrets[name];
    else this.#secrets[name] = value;
    replaceFile(this.#secretsFile, JSON.stringify(this.#secrets), 0o600);
  }

  /** Forgets everything, as when the virtual machine and its disk are deleted. */
  wipe(): void {
    this.state = { version: 1 };
    this.#secrets = {};
    this.save();
    rmSync(this.#secretsFile, { force: true });
  }
}

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}

/** Old content or new content, never a mix, even when the process is killed in between. */
export function replaceFile(file: string, content: string | Uint8Array, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.new`;
  const descriptor = openSync(temporary, "w", mode);
  writeFileSync(descriptor, content);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, file);
}
