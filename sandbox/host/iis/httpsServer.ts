import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import { log } from "../log.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import type { Binding } from "../state.ts";
import { serverCertificate } from "../windows/certificates.ts";
import { allowsInbound } from "../windows/firewall.ts";
import { offeredBySchannel } from "../windows/schannel.ts";
import { isRunning } from "../windows/services.ts";
import { customHeaders, type Route, route } from "./router.ts";
import type { Workers } from "./workers.ts";

const publicPort = 443;

/** The bindings' TLS listener: there while a started site has an https binding on port 443 whose certificate is in its store. */
export class HttpsServer {
  readonly #machine: Machine;
  readonly #workers: Workers;
  #server: Server | undefined;
  #shown = "";
  #contexts: { binding: Binding; context: SecureContext }[] = [];

  constructor(machine: Machine, workers: Workers) {
    this.#machine = machine;
    this.#workers = workers;
  }

  get isListening(): boolean {
    return this.#server !== undefined;
  }

  /** Follows the bindings. Another certificate is taken for new connections; open ones go on. */
  async follow(): Promise<void> {
    const usable = this.#usableBindings();
    const offered = offeredBySchannel(this.#machine);
    const key = JSON.stringify([offered, ...usable.map(({ binding, pair }) => [binding, pair.cert])]);
    if (key === this.#shown) return;
    this.#contexts = usable.map(({ binding, pair }) => ({
      binding,
      context: createSecureContext({ ...pair, ...offered }),
    }));
    const first = usable.find(({ binding }) => !needsName(binding)) ?? usable[0];
    if (first === undefined) await this.stop();
    else if (this.#server === undefined) this.#server = await this.#listen({ ...first.pair, ...offered });
    else this.#server.setSecureContext({ ...first.pair, ...offered });
    this.#shown = key;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#shown = "";
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  #usableBindings(): { binding: Binding; pair: { cert: string; key: string } }[] {
    const { windows } = this.#machine.store.state;
    if (windows?.iis === undefined || !isRunning(windows, "W3SVC") || !allowsInbound(windows, publicPort)) return [];
    const bindings = Object.values(windows.iis.sites)
      .filter((site) => site.state === "Started")
      .flatMap((site) => site.bindings)
      .filter((binding) => binding.protocol === "https" && binding.port === publicPort);
    return bindings.flatMap((binding) => {
      const pair = serverCertificate(
        this.#machine,
        binding.certificateStoreName ?? "My",
        binding.certificateThumbprint ?? "",
      );
      return pair === undefined ? [] : [{ binding, pair }];
    });
  }

  async #listen(pair: SecureContextOptions): Promise<Server> {
    const { address, httpsPort } = this.#machine.options;
    const server = createServer(
      {
        ...pair,
        SNICallback: (name, answer) => {
          const context = this.#contextFor(name);
          // http.sys resets a connection for which no certificate is bound.
          if (context === undefined) answer(new Error(`no certificate is bound for '${name}'`));
          else answer(null, context);
        },
      },
      (question, answer) => void this.#serve(question, answer),
    );
    server.on("tlsClientError", (error: NodeJS.ErrnoException) => {
      // A client that connects and goes away, as a probe of the port does.
      if (error.code !== "ECONNRESET") log("https", error.message);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(httpsPort, address, resolve);
    });
    return server;
  }

  /** A binding with SNI serves its own name; one without serves every name that comes to the address. */
  #contextFor(name: string): SecureContext | undefined {
    const exact = this.#contexts.find(({ binding }) => needsName(binding) && sameName(binding.hostName, name));
    return (exact ?? this.#contexts.find(({ binding }) => !needsName(binding)))?.context;
  }

  async #serve(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const hostName = (question.headers.host ?? "").replace(/:\d+$/, "");
    const request = { hostName, url: question.url ?? "/", authorization: question.headers.authorization };
    try {
      for (const [name, value] of Object.entries(customHeaders(this.#machine, request))) answer.setHeader(name, value);
      const decision = await route(this.#machine, request);
      await this.#follow(decision, question, answer);
    } catch (error) {
      log("https", (error as Error).stack ?? String(error));
      if (!answer.headersSent) answer.writeHead(500, { "content-type": "text/plain; charset=utf-8" });
      answer.end(`500 - Internal server error.\n${(error as Error).message}\n`);
    }
  }

  async #follow(decision: Route, question: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (decision.kind === "application") {
      const worker = await this.#workers.get(decision.virtualPath, decision.application, decision.pool);
      question.url = decision.url;
      return worker.forward(question, answer, forwardedHeaders(question, decision.keepAuthorization));
    }
    question.resume();
    if (decision.kind === "redirect") answer.writeHead(301, { location: decision.location }).end();
    else if (decision.kind === "file")
      createReadStream(decision.path).pipe(answer.writeHead(200, { "content-type": contentType(decision.path) }));
    else {
      answer.writeHead(Number.parseInt(decision.status, 10), {
        "content-type": "text/plain; charset=utf-8",
        ...decision.headers,
      });
      answer.end(`HTTP Error ${decision.status}\n${decision.text}\n`);
    }
  }
}

function needsName(binding: Binding): boolean {
  return (Number(binding.sslFlags ?? 0) & 1) === 1;
}

/** What came from outside about forwarding and, without a log-on, about credentials does not reach the application. */
function forwardedHeaders(question: IncomingMessage, keepAuthorization: boolean): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(question.headers)) if (value !== undefined) headers[name] = value;
  delete headers.connection;
  if (!keepAuthorization) delete headers.authorization;
  return { ...headers, "x-forwarded-proto": "https", "x-forwarded-for": question.socket.remoteAddress ?? "127.0.0.1" };
}

function contentType(path: string): string {
  return /\.html?$/i.test(path) ? "text/html; charset=utf-8" : "application/octet-stream";
}
