/** The simulated Windows host as a process of its own, for one test file: started, driven and stopped by it. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { AUTHORITATIVE_ANSWER, decode, encode } from "dns-packet";
import { Client, type ClientChannel } from "ssh2";
import { hostScriptText, loaderCommandLine, scriptLine } from "../../provider/connections/hostCommand.ts";
import type { HostOptionsInput } from "../../sandbox/host/options.ts";
import { type CertificateAuthority, openCertificateAuthority } from "../../sandbox/pki/index.ts";
import { freePort } from "./freePort.ts";
import type { TestDomain } from "./samba.ts";
import { ed25519KeyPair } from "./sshKey.ts";

export const publicName = "mfa.dev.contoso.com";

export interface ControlAnswer<T> {
  status: number;
  body: T;
}

/** One agent on the host, spoken to in the protocol's own lines. */
export interface AgentLines {
  hello: Record<string, unknown>;
  /** Sends a line as it is and answers the next line that is no progress. */
  send(line: string): Promise<Record<string, unknown>>;
  request(method: string, params?: object): Promise<Record<string, unknown>>;
  progress: string[];
  close(): void;
  /** Resolves when the session has ended. */
  closed: Promise<void>;
}

export interface WindowsHost {
  readonly address: string;
  readonly sshPort: number;
  readonly httpsPort: number;
  readonly folder: string;
  readonly authority: CertificateAuthority;
  readonly logFile: string;
  readonly pid: number;
  /** Private key of the administrator that the bootstrap lets in, and the host's own key pair, OpenSSH format. */
  readonly keys: { user: string; host: string; hostPublic: string };
  control<T = Record<string, unknown>>(method: "GET" | "POST", path: string, body?: object): Promise<ControlAnswer<T>>;
  /** Powers the machine on and makes it reachable by SSH. */
  boot(): Promise<void>;
  ssh(): Promise<Client>;
  /** Runs a command line over SSH with the given standard input. */
  run(commandLine: string, input: string): Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
  agent(): Promise<AgentLines>;
  /** HTTPS from outside, verified against the authority. */
  get(path: string, options?: WebOptions): Promise<WebAnswer>;
  /** Stops the process and starts it again over the same state. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface WebOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  serverName?: string;
  /** Trusted instead of the host's authority. */
  ca?: string;
}

export interface WebAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** SHA-1 of the server's certificate, as Windows writes it. */
  thumbprint: string;
}

/** Without a domain the host can join none, which most tests do not need. `more.powershell` chooses who answers the agent's protocol. */
export async function startWindowsHost(
  domain?: TestDomain,
  more: Pick<HostOptionsInput, "powershell"> = {},
): Promise<WindowsHost> {
  const folder = await mkdtemp(join(tmpdir(), "mfakit-host-"));
  const authority = domain?.authority ?? (await openCertificateAuthority(join(folder, "pki")));
  const address = `127.${100 + random(150)}.${1 + random(250)}.40`;
  const dns = await startNameServer(address);
  const user = ed25519KeyPair("test");
  const hostKey = ed25519KeyPair("host");
  const [sshPort, httpsPort] = [await freePort(address), await freePort(address)];
  const options: HostOptionsInput = {
    stateDirectory: join(folder, "state"),
    address,
    sshPort,
    httpsPort,
    controlSocket: join(folder, "control"),
    dns: { server: dns.address },
    directory: {
      domain: "corp.contoso.com",
      netbiosName: "CORP",
      ldapsUrl: domain?.running.ldapsUrl ?? "ldaps://127.0.0.1:1",
      baseDn: domain?.baseDn ?? "DC=corp,DC=contoso,DC=com",
      caFile: authority.caFile,
      address: domain === undefined ? "127.0.0.1" : new URL(domain.running.ldapsUrl).hostname,
      fqdn: "dc1.corp.contoso.com",
    },
    trustedRootsFile: authority.caFile,
    ...more,
    cacheDirectory: join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? tmpdir(), ".cache"), "mfakit"),
  };
  const optionsFile = join(folder, "options.json");
  await writeFile(optionsFile, JSON.stringify(options), { mode: 0o600 });
  const logFile = join(folder, "host.log");
  let child = await launch(optionsFile, logFile);

  const control = <T>(method: string, path: string, body?: object) =>
    askSocket<T>(options.controlSocket, method, path, body);
  const ssh = () => openSsh({ address, port: sshPort, user: user.private, hostPublic: hostKey.public });
  const host: WindowsHost = {
    address,
    sshPort,
    httpsPort,
    folder,
    authority,
    logFile,
    get pid() {
      return child.pid;
    },
    keys: { user: user.private, host: hostKey.private, hostPublic: hostKey.public },
    control,
    boot: async () => {
      await control("POST", "/power-on", { vmId: "vm-1", computerName: "MFADEV01", adminUsername: "mfaadmin" });
      const { body } = await control<{ exitCode: number; error: string }>("POST", "/run-command", {
        script: hostScriptText("bootstrap-openssh"),
        parameters: { AuthorizedKey: user.public, Port: sshPort },
        protectedParameters: { HostPrivateKey: hostKey.private },
      });
      if (body.exitCode !== 0) throw new Error(`bootstrap failed: ${body.error}`);
    },
    ssh,
    run: async (commandLine, input) => {
      const client = await ssh();
      try {
        return await execute(client, commandLine, input);
      } finally {
        client.end();
      }
    },
    agent: async () => openAgent(await ssh()),
    get: (path, web = {}) => askHttps({ address, port: httpsPort, ca: authority.caPem, path, ...web }),
    restart: async () => {
      await child.stop();
      child = await launch(optionsFile, logFile);
    },
    stop: async () => {
      await child.stop();
      await dns.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return host;
}

async function launch(optionsFile: string, logFile: string): Promise<{ pid: number; stop(): Promise<void> }> {
  const log = openSync(logFile, "a");
  const main = join(import.meta.dirname, "..", "..", "sandbox", "host", "main.ts");
  const child = spawn(process.execPath, [main, optionsFile], { stdio: ["pipe", "pipe", log] });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", () => reject(new Error(`the host did not start: ${readFileSync(logFile, "utf8")}`)));
    createInterface({ input: child.stdout as Readable }).on("line", (line) => {
      if ((JSON.parse(line) as { ready?: boolean }).ready === true) resolve();
    });
  });
  return {
    pid: child.pid as number,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function openSsh(target: { address: string; port: number; user: string; hostPublic: string }): Promise<Client> {
  const expected = target.hostPublic.split(" ")[1];
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on("error", reject);
    client.once("ready", () => {
      client.setNoDelay(true);
      resolve(client);
    });
    client.connect({
      host: target.address,
      port: target.port,
      username: userInfo().username,
      privateKey: target.user,
      hostVerifier: (key: Buffer) => key.toString("base64") === expected,
    });
  });
}

async function execute(client: Client, commandLine: string, input: string) {
  const channel = await exec(client, commandLine);
  let stdout = "";
  let stderr = "";
  channel.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  channel.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const exitCode = await new Promise<number | null>((resolve) => {
    let code: number | null = null;
    channel.on("exit", (value: number | null) => {
      code = value;
    });
    channel.on("close", () => resolve(code));
    channel.end(input);
  });
  return { exitCode, stdout, stderr };
}

function exec(client: Client, commandLine: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(commandLine, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
  });
}

async function openAgent(client: Client): Promise<AgentLines> {
  const channel = await exec(client, loaderCommandLine);
  const lines = createInterface({ input: channel })[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("the agent's session has ended");
    return JSON.parse(value) as Record<string, unknown>;
  };
  const closed = new Promise<void>((resolve) => client.once("close", () => resolve()));
  channel.write(`${scriptLine("agent", hostScriptText("agent"))}\n`);
  const progress: string[] = [];
  const send = async (line: string) => {
    channel.write(`${line}\n`);
    for (;;) {
      const answer = await next();
      if (answer.progress === undefined) return answer;
      progress.push(String(answer.progress));
    }
  };
  let id = 0;
  return {
    hello: await next(),
    send,
    request: (method, params = {}) => send(JSON.stringify({ id: ++id, method, params })),
    progress,
    close: () => client.end(),
    closed,
  };
}

function askSocket<T>(socketPath: string, method: string, path: string, body?: object): Promise<ControlAnswer<T>> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ socketPath, method, path }, async (response) => {
      const text = await readAll(response);
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as T });
    });
    asked.once("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function askHttps(question: WebOptions & { address: string; port: number; path: string }): Promise<WebAnswer> {
  const name = question.serverName ?? publicName;
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(
      {
        host: question.address,
        port: question.port,
        servername: name,
        ca: question.ca,
        path: question.path,
        method: question.method ?? "GET",
        headers: { host: name, ...question.headers },
        agent: false,
      },
      async (response) => {
        const socket = response.socket as import("node:tls").TLSSocket;
        const thumbprint = socket.getPeerCertificate().fingerprint.replaceAll(":", "");
        const text = await readAll(response);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, thumbprint });
      },
    );
    asked.once("error", reject);
    asked.end(question.body);
  });
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Knows one name, as the public zone would: the site's, with the host's address. */
async function startNameServer(address: string) {
  const socket = createSocket("udp4");
  socket.on("message", (message, sender) => {
    const query = decode(message);
    const answers = (query.questions ?? [])
      .filter((question) => question.type === "A" && question.name === publicName)
      .map((question) => ({ type: "A" as const, name: question.name, ttl: 1, data: address }));
    const notFound = 3;
    const flags = AUTHORITATIVE_ANSWER | (answers.length > 0 ? 0 : notFound);
    const answer = { type: "response" as const, id: query.id ?? 0, flags, questions: query.questions ?? [], answers };
    socket.send(encode(answer), sender.port, sender.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function random(limit: number): number {
  return Math.floor(Math.random() * limit);
}
