import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";

/** A running HTTPS server. */
export interface HttpsServer {
  port: number;
  close(): Promise<void>;
}

/** Serves `handle` over HTTPS. A handler that throws closes the connection without an answer. */
export async function serveHttps(
  tls: { certFile: string; keyFile: string },
  address: string,
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<HttpsServer> {
  const options = { cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile), keepAliveTimeout: 30_000 };
  const server: Server = createServer(options, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error(error);
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole body of a request, at most 4 MB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > 4 * 1024 * 1024) throw new Error("the request body is larger than 4 MB");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const content = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(content);
}
