import { createHash } from "node:crypto";
import type { ServerChannel } from "ssh2";
import { loaderCommandLine } from "../../provider/connections/hostCommand.ts";
import { contractOf, identityOf, keyNames } from "../../provider/dsc/identity.ts";
import type { Reply, Request } from "../../provider/dsc/protocol.ts";
import type { TestProgram } from "./sshServer.ts";

type Answer = { result: Record<string, unknown> } | { error: { code: string; message: string; resource?: string } };
type DscState = Record<string, unknown>;

/**
 * A scripted answerer of the agent protocol: files and DSC states in maps. A test may take a request over with `intercept`; it
 * returns an answer, `"cut"` to lose the connection instead of answering, or nothing to let the request pass.
 */
export class MemoryAgent {
  readonly files = new Map<string, Buffer>();
  readonly backups = new Map<string, Buffer>();
  /** Properties by the id that the kit gives the resource. */
  readonly states = new Map<string, DscState>();
  readonly requests: Request[] = [];
  readonly recycled: string[] = [];
  /** Ids of requests that were given up. */
  readonly cancelled: number[] = [];
  pendingReboot = false;
  intercept: ((request: Request) => Answer | "cut" | undefined | Promise<Answer | "cut" | undefined>) | undefined;
  /** Told before the agent greets; may answer for it. */
  greet: ((channel: ServerChannel) => boolean) | undefined;
  cut: () => void = () => undefined;

  readonly program: TestProgram = (channel, commandLine) => {
    if (commandLine !== loaderCommandLine) {
      channel.exit(127);
      channel.end();
      return;
    }
    let rest = "";
    let loaded = false;
    let turn = Promise.resolve();
    channel.setEncoding("utf8");
    channel.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (loaded) {
          const request = JSON.parse(line) as Request;
          if (request.method === "cancel") this.cancelled.push(Number(request.params.id));
          else turn = turn.then(() => this.#answer(channel, request));
        } else {
          loaded = true;
          if (this.greet?.(channel) !== true) {
            say(channel, { agent: "mfakit", protocol: 1, powershell: "5.1.14393.1", computerName: "MFADEV01" });
          }
        }
      }
    });
    channel.on("end", () => channel.end());
  };

  /** The methods asked so far. */
  methods(): string[] {
    return this.requests.map(({ method }) => method);
  }

  async #answer(channel: ServerChannel, request: Request): Promise<void> {
    this.requests.push(request);
    const answer = (await this.intercept?.(request)) ?? this.#carryOut(request);
    if (answer === "cut") {
      this.cut();
      return;
    }
    const reply = "error" in answer ? { ok: false, error: answer.error } : { ok: true, result: answer.result };
    say(channel, { id: request.id, ...reply } as Reply);
  }

  #carryOut({ method, params }: Request): Answer {
    // biome-ignore lint/suspicious/noExplicitAny: the requests were made by typed code
    const p = params as any;
    switch (method) {
      case "facts":
        return { result: { ...facts, pendingReboot: this.pendingReboot } };
      case "dsc.get":
        return { result: this.#dsc(p).look() };
      case "dsc.apply":
        return { result: this.#dsc(p).apply() };
      case "file.read":
        return this.#read(p);
      case "file.write":
        return this.#write(p);
      case "webconfig.encrypt":
        return {
          result: {
            xml: `<${p.section} configProtectionProvider="P"><EncryptedData>${encode(p.xml)}</EncryptedData></${p.section}>`,
          },
        };
      case "webconfig.decrypt":
        return { result: { xml: decode(/<EncryptedData>(.*)<\/EncryptedData>/.exec(p.xml)?.[1] ?? "") } };
      case "appPool.recycle":
        this.recycled.push(p.name);
        return { result: { recycled: true, state: "Started" } };
      default:
        return { error: { code: "UNKNOWN_METHOD", message: `there is no method '${method}'` } };
    }
  }

  #dsc(p: { module: string; resource: string; properties: DscState; force?: boolean }) {
    const key = identityOf(p.module, p.resource, p.properties);
    const plain = Object.fromEntries(
      Object.entries(p.properties)
        .filter(([, value]) => !isMarked(value, "$credential"))
        .map(([name, value]) => [name, unmark(value)]),
    );
    const absent = p.properties.Ensure === "Absent";
    const holds = () => {
      const state = this.states.get(key);
      if (absent) return state === undefined;
      return state !== undefined && Object.entries(plain).every(([name, value]) => same(state[name], value));
    };
    const keys = keyNames(contractOf(p.module, p.resource)).map((name) => [name, plain[name]]);
    const current = () => this.states.get(key) ?? { ...Object.fromEntries(keys), Ensure: "Absent" };
    return {
      look: () => ({ current: current(), inDesiredState: holds() }),
      apply: () => {
        const changed = p.force === true || !holds();
        if (changed && absent) this.states.delete(key);
        else if (changed) this.states.set(key, { Ensure: "Present", ...this.states.get(key), ...plain });
        return { changed, current: current(), inDesiredState: holds(), rebootRequired: false };
      },
    };
  }

  #read(p: { path: string; maxBytes?: number }): Answer {
    const bytes = this.files.get(p.path);
    if (bytes === undefined) return { result: { exists: false } };
    if (p.maxBytes !== undefined && bytes.length > p.maxBytes) {
      return {
        error: { code: "FILE_TOO_LARGE", message: `'${p.path}' has ${bytes.length} bytes, more than ${p.maxBytes}` },
      };
    }
    return { result: { exists: true, contentBase64: bytes.toString("base64"), sha256: sha256(bytes) } };
  }

  #write(p: { path: string; contentBase64: string; expectedSha256: string | null; backup: boolean }): Answer {
    const old = this.files.get(p.path);
    if ((old === undefined ? null : sha256(old)) !== p.expectedSha256) {
      return { error: { code: "FILE_CHANGED", message: `'${p.path}' is not the file that was read` } };
    }
    const bytes = Buffer.from(p.contentBase64, "base64");
    this.files.set(p.path, bytes);
    if (old === undefined || !p.backup) return { result: { sha256: sha256(bytes) } };
    const backupPath = `${p.path}.${this.backups.size}.backup.config`;
    this.backups.set(backupPath, old);
    return { result: { sha256: sha256(bytes), backupPath } };
  }
}

const facts = {
  computerName: "MFADEV01",
  osCaption: "Microsoft Windows Server 2016 Datacenter",
  osBuild: "14393",
  domain: "corp.contoso.com",
  partOfDomain: true,
  bootId: "2026-01-02T03:04:05Z",
  powershell: "5.1.14393.1",
  hotfixes: [],
  modules: {},
};

export function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function say(channel: ServerChannel, message: object): void {
  channel.write(`${JSON.stringify(message)}\n`);
}

function isMarked(value: unknown, mark: string): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && mark in value;
}

function unmark(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmark);
  return isMarked(value, "$cim") ? value.properties : value;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a)?.toLowerCase() === JSON.stringify(b)?.toLowerCase();
}

function encode(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

function decode(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
