import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";

/** A request as the test's server saw it. */
export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  text: string;
}

/** `body`: an object is sent as JSON, text as it is. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** `"drop"`: the connection breaks without an answer. */
export type Handler = (request: SeenRequest) => Answer | "drop" | Promise<Answer | "drop">;

export interface HttpsServer {
  origin: string;
  /** PEM of the CA that a client must trust. */
  caPem: string;
  requests: SeenRequest[];
  /** How many TCP connections were opened. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A small HTTPS server that a test owns, with a CA of its own. */
export async function startHttpsServer(handler: Handler): Promise<HttpsServer> {
  const directory = await mkdtemp(join(tmpdir(), "mfakit-https-"));
  const authority = await openCertificateAuthority(directory);
  const { certPem, keyPem } = await authority.issueCertificate({ dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] });
  const requests: SeenRequest[] = [];
  let connections = 0;

  const server = createServer({ cert: certPem, key: keyPem }, (message, response) => {
    answer(message, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const url = new URL(message.url ?? "/", origin);
    const headers = message.headers as Record<string, string | undefined>;
    const text = await readAll(message);
    const seen = { method: message.method ?? "GET", path: url.pathname, query: url.searchParams, headers, text };
    requests.push(seen);
    const result = await handler(seen);
    if (result === "drop") {
      message.socket.destroy();
      return;
    }
    response.writeHead(result.status, { "content-type": "application/json", ...result.headers });
    const { body } = result;
    response.end(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
  };

  return {
    origin,
    caPem: authority.caPem,
    requests,
    get connections() {
      return connections;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function readAll(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of message.setEncoding("utf8")) text += part;
  return text;
}
