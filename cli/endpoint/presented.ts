import type { X509Certificate } from "node:crypto";
import { connect } from "node:tls";
import { trustedContext } from "../../provider/connections/trust.ts";
import { CheckFailed } from "../verify/check.ts";

/** Milliseconds for a TCP connection and a handshake. */
export const TIMEOUT = 10_000;

/** What a server showed in a TLS handshake. */
export interface Presented {
  /** Leaf first, each followed by its issuer as far as the server sent them or the trusted roots hold them. */
  chain: X509Certificate[];
  protocol: string;
  /** OpenSSL's name. */
  cipher: string;
  /** Why the chain is not trusted, in OpenSSL's words; undefined when it is. */
  distrust: string | undefined;
}

/** Where to connect, and under which name. */
export interface Door {
  address: string;
  port: number;
  hostName: string;
}

/**
 * Shakes hands and judges the chain; the name is left to the caller. A connection whose chain does not hold is closed as ever, but
 * what it showed is kept, so that a report can say what is wrong with it.
 */
export function presentedBy({ address, port, hostName }: Door, trustedRoots: string | undefined): Promise<Presented> {
  return new Promise((resolve, reject) => {
    let chain: X509Certificate[] = [];
    const socket = connect({
      host: address,
      port,
      servername: hostName,
      secureContext: trustedContext(trustedRoots),
      checkServerIdentity: () => undefined,
      timeout: TIMEOUT,
    });
    const show = (distrust?: string) => {
      resolve({ chain, protocol: socket.getProtocol() ?? "unknown", cipher: socket.getCipher()?.name ?? "", distrust });
      socket.destroy();
    };
    // Emitted before Node judges the chain and, if that fails, forgets it.
    socket.prependListener("secure", () => {
      chain = chainOf(socket.getPeerX509Certificate());
    });
    socket.once("secureConnect", () => show());
    socket.once("timeout", () => socket.destroy(new CheckFailed(`${address}:${port} does not answer`)));
    socket.once("error", (error) => (chain.length > 0 ? show(error.message) : reject(error)));
  });
}

function chainOf(leaf: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next = leaf; next !== undefined && chain.length < 10; next = next.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}
