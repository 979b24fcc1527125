import type { ChildProcess } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { decryptFile } from "../agent/protectedSection.ts";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import { spawnBound } from "../processes.ts";

export interface WorkerSettings {
  /** Path of AspHost.exe. */
  program: string;
  /** XDG_CONFIG_HOME with the trusted roots. */
  configurationHome: string;
  virtualPath: string;
  /** Real path of the application's files. */
  directory: string;
  environment: Record<string, string>;
}

/** How long an answer may take, in milliseconds. */
const patience = 90_000;
/** How long after an error message of System.Web an answer is still waited for, in milliseconds. */
const afterComplaint = 2000;

/** One worker process: Mono's System.Web with one application. */
export class Worker {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #inFlight = new Set<AbortController>();
  #retired = false;
  /** The last lines on standard error: where System.Web tells why an application cannot start. */
  readonly #complaints: string[] = [];

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  static async start(machine: Machine, settings: WorkerSettings): Promise<Worker> {
    const port = await freePort();
    const folder = join(machine.options.stateDirectory, "workers");
    mkdirSync(join(folder, "tmp"), { recursive: true, mode: 0o700 });
    const directory = plainDirectory(machine, settings, join(folder, `${port}`));
    const child = spawnBound("mono", [settings.program, String(port), settings.virtualPath, directory], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env.PATH ?? "",
        LANG: "C.UTF-8",
        HOME: folder,
        TMPDIR: join(folder, "tmp"),
        XDG_CONFIG_HOME: settings.configurationHome,
        MONO_PATH: dirname(settings.program),
        // Without it Mono throws NotImplementedException when it reads applicationSettings.
        MONO_ASPNET_INHIBIT_SETTINGSMAP: "1",
        ...settings.environment,
      },
    });
    const worker = new Worker(child, port);
    if (directory !== settings.directory) child.once("exit", () => rmSync(directory, { recursive: true, force: true }));
    await worker.#ready(settings.virtualPath);
    return worker;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Passes a request on and its answer back; what goes wrong becomes a 500 with the worker's own complaint. */
  async forward(
    question: IncomingMessage,
    answer: ServerResponse,
    headers: Record<string, string | string[]>,
  ): Promise<void> {
    const given = new AbortController();
    this.#inFlight.add(given);
    const stopWaiting = setTimeout(() => given.abort(), patience);
    try {
      const response = await this.#ask(question, headers, given.signal);
      await this.#copy(response, answer);
    } catch (error) {
      this.#fail(answer, given.signal.aborted ? "the application gave no answer" : (error as Error).message);
    } finally {
      clearTimeout(stopWaiting);
      this.#inFlight.delete(given);
      if (this.#retired && this.#inFlight.size === 0) this.#child.kill("SIGTERM");
    }
  }

  #ask(
    question: IncomingMessage,
    headers: Record<string, string | string[]>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request({
        host: "127.0.0.1",
        port: this.#port,
        method: question.method,
        path: question.url,
        headers: { ...headers, host: `127.0.0.1:${this.#port}`, "x-forwarded-host": headers.host ?? "" },
        signal,
      });
      asked.once("response", resolve);
      asked.once("error", reject);
      question.pipe(asked);
    });
  }

  /**
   * A configuration that breaks the start of the application makes System.Web write why and then answer nothing, then or later. So
   * shortly after such words the waiting requests are given up and the process ends; the next request starts another one.
   */
  #heed(line: string): void {
    if (!/System\.(Web|Configuration)\.\w+Exception/.test(line)) return;
    const waiting = [...this.#inFlight];
    setTimeout(() => {
      const unanswered = waiting.filter((given) => this.#inFlight.has(given));
      if (unanswered.length === 0) return;
      for (const given of unanswered) given.abort();
      this.#child.kill("SIGKILL");
    }, afterComplaint).unref();
  }

  /** Ends the process when its last request is answered. */
  retire(): void {
    this.#retired = true;
    if (this.#inFlight.size === 0) this.#child.kill("SIGTERM");
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }

  async #copy(response: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    // A broken configuration that was repaired in place leaves System.Web answering 200 with nothing to everything.
    if (response.statusCode === 200 && body.length === 0) return this.#fail(answer, "the application answered nothing");
    const headers = { ...response.headers };
    for (const name of ["connection", "keep-alive", "transfer-encoding", "server"]) delete headers[name];
    answer.writeHead(response.statusCode ?? 500, { ...headers, "content-length": String(body.length) }).end(body);
  }

  #fail(answer: ServerResponse, cause: string): void {
    const text = ["The application failed.", cause, ...this.#complaints].join("\n");
    answer
      .writeHead(500, { "content-type": "text/plain; charset=utf-8" })
      .end(`500 - Internal server error.\n${text}\n`);
  }

  #ready(name: string): Promise<void> {
    const child = this.#child;
    createInterface({ input: child.stderr as Readable }).on("line", (line) => {
      log(`worker ${name}`, line);
      // The first lines of an exception say what is wrong, the stack does not.
      if (!/^\s*(at|---) /.test(line)) this.#complaints.push(line);
      if (this.#complaints.length > 20) this.#complaints.shift();
      this.#heed(line);
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        reject(new Error(`the worker process ended (${signal ?? code}): ${this.#complaints.join(" ")}`)),
      );
      createInterface({ input: child.stdout as Readable }).on("line", (line) => {
        if (line.startsWith("READY")) resolve();
      });
    });
  }
}

/**
 * The folder to serve. System.Web on Mono cannot decrypt sections that this machine's key encrypted, so an application with such
 * sections is served from a private copy whose web.config is plain.
 */
function plainDirectory(machine: Machine, settings: WorkerSettings, copy: string): string {
  const file = join(settings.directory, "web.config");
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (!text.includes("configProtectionProvider")) return settings.directory;
  cpSync(settings.directory, copy, { recursive: true });
  writeFileSync(join(copy, "web.config"), decryptFile(machine, text), { mode: 0o600 });
  return copy;
}

/** HttpListener cannot choose a port itself. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
