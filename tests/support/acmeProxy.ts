import { request as httpsRequest } from "node:https";
import type { AcmeConnection } from "../../provider/configuration.ts";
import { type Answer, type SeenRequest, startHttpsServer } from "./httpsServer.ts";
import type { TestPebble } from "./pebble.ts";

/** Stands between a client and Pebble, so that a test can disturb single answers. */
export interface AcmeProxy {
  /** Reaches Pebble through the proxy. */
  connection: AcmeConnection;
  /** Gets each request with Pebble's answer, before the client has it; what it returns is delivered instead. */
  disturb(by: (request: SeenRequest, answer: Answer) => Answer | "drop" | Promise<Answer | "drop">): void;
  /** Requests that were seen, as `POST /order-plz`. */
  readonly requests: SeenRequest[];
  close(): Promise<void>;
}

/** Starts one. Pebble makes its links from the Host header, so they lead through the proxy too. */
export async function startAcmeProxy(pebble: TestPebble): Promise<AcmeProxy> {
  let by: Parameters<AcmeProxy["disturb"]>[0] = (_, answer) => answer;
  const target = new URL(pebble.connection.directoryUrl);
  const server = await startHttpsServer(async (seen) => by(seen, await forward(target, pebble, seen)));
  return {
    connection: {
      ...pebble.connection,
      directoryUrl: `${server.origin}${target.pathname}`,
      caCertificates: server.caPem,
    },
    disturb: (given) => {
      by = given;
    },
    requests: server.requests,
    close: server.close,
  };
}

function forward(target: URL, pebble: TestPebble, seen: SeenRequest): Promise<Answer> {
  const headers = Object.fromEntries(
    ["host", "content-type", "user-agent", "accept"].flatMap((name) =>
      seen.headers[name] === undefined ? [] : [[name, seen.headers[name]]],
    ),
  );
  const { hostname: host, port } = target;
  const options = { host, port, path: seen.path, method: seen.method, headers, agent: false as const };
  return new Promise((resolve, reject) => {
    const sent = httpsRequest({ ...options, ca: pebble.connection.caCertificates, servername: "" }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      response.on("end", () => {
        const kept = ["content-type", "replay-nonce", "location", "link", "retry-after"].flatMap((name) => {
          const value = response.headers[name];
          return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]];
        });
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(kept), body });
      });
    });
    sent.on("error", reject);
    sent.end(seen.text);
  });
}
