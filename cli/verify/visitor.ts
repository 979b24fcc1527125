import { Resolver, lookup as systemLookup } from "node:dns/promises";
import { Agent, type RequestOptions, request } from "node:https";
import type { LookupFunction } from "node:net";
import { connect, type PeerCertificate, type SecureContext, type TLSSocket } from "node:tls";
import { resolveNameServers } from "../../provider/connections/publicDns.ts";
import { trustedContext } from "../../provider/connections/trust.ts";
import { CheckFailed } from "./check.ts";

/** Long enough for an application pool that starts with the first request. */
const TIMEOUT = 60_000;

/** An HTTP answer as far as checks read it. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** What a TLS connection showed. */
export interface Presented {
  certificate: PeerCertificate;
  protocol: string;
}

export interface VisitorOptions {
  /** `host[:port]` of the resolvers that see the public zone; default: the system's. */
  dnsServers?: readonly string[];
  /** PEM of roots to trust beside Node's and the operating system's. */
  trustedRoots?: string;
}

/** Somebody outside: resolves the public name, connects to port 443, and verifies TLS like a browser does. */
export class Visitor {
  readonly #dnsServers: readonly string[];
  readonly #secureContext: SecureContext;
  readonly #agent: Agent;
  #resolver: Promise<Resolver> | undefined;

  constructor({ dnsServers = [], trustedRoots }: VisitorOptions) {
    this.#dnsServers = dnsServers;
    this.#secureContext = trustedContext(trustedRoots);
    this.#agent = new Agent({ keepAlive: true, secureContext: this.#secureContext, lookup: this.#lookup });
  }

  /** The IPv4 addresses of a public name. */
  async addresses(name: string): Promise<string[]> {
    if (this.#dnsServers.length === 0) {
      return (await systemLookup(name, { family: 4, all: true })).map(({ address }) => address);
    }
    this.#resolver ??= resolverAt(this.#dnsServers);
    return (await this.#resolver).resolve4(name);
  }

  /** Connects and verifies chain and name; throws Node's TLS error when they do not hold. */
  handshake(name: string): Promise<Presented> {
    return new Promise((resolve, reject) => {
      const socket: TLSSocket = connect(
        {
          host: name,
          port: 443,
          servername: name,
          secureContext: this.#secureContext,
          lookup: this.#lookup,
          timeout: TIMEOUT,
        },
        () => {
          resolve({ certificate: socket.getPeerCertificate(true), protocol: socket.getProtocol() ?? "unknown" });
          socket.destroy();
        },
      );
      socket.once("timeout", () =>
        socket.destroy(new CheckFailed(`${name}:443 does not answer within ${TIMEOUT / 1000} s`)),
      );
      socket.once("error", reject);
    });
  }

  /** One HTTPS request; redirects within the host are followed. */
  async fetch(url: string, options: RequestOptions = {}, body?: string, redirects = 5): Promise<Answer> {
    const answer = await this.#exchange(url, options, body);
    const location = answer.headers.location;
    if (answer.status < 300 || answer.status >= 400 || typeof location !== "string") return answer;
    const next = new URL(location, url);
    if (redirects === 0 || next.host !== new URL(url).host) throw new CheckFailed(`${url} redirects to ${next.href}`);
    return this.fetch(next.href, { ...options, method: "GET" }, undefined, redirects - 1);
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(url: string, options: RequestOptions, body: string | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(url, { ...options, agent: this.#agent, timeout: TIMEOUT }, (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("error", reject);
        response.once("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      });
      asked.once("timeout", () => asked.destroy(new CheckFailed(`${url} does not answer within ${TIMEOUT / 1000} s`)));
      asked.once("error", reject);
      asked.end(body);
    });
  }

  readonly #lookup: LookupFunction = (name, options, callback) => {
    this.addresses(name).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: 4 }));
        if (options.all) callback(null, found);
        else callback(null, found[0]?.address ?? "", 4);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 4),
    );
  };
}

/** Asks these servers, `host[:port]`; a resolver itself takes addresses only, so that names are looked up first. */
async function resolverAt(servers: readonly string[]): Promise<Resolver> {
  const found = await resolveNameServers(servers);
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  resolver.setServers(found.map(({ address }) => address));
  return resolver;
}
