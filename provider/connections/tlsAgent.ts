import { Agent } from "node:https";
import { trustedContext } from "./trust.ts";

/**
 * Keeps HTTPS connections alive, takes a proxy from the environment (HTTPS_PROXY, NO_PROXY), and trusts the CAs in
 * `caCertificates` (PEM) beside Node's and the operating system's.
 */
export function trustingAgent(caCertificates: string | undefined): Agent {
  return new TrustingAgent(caCertificates);
}

/** Reads the CAs with the first connection: most operations open none. */
class TrustingAgent extends Agent {
  readonly #caCertificates: string | undefined;

  constructor(caCertificates: string | undefined) {
    super({ keepAlive: true, proxyEnv: process.env });
    this.#caCertificates = caCertificates;
  }

  override createConnection(...[options, callback]: Parameters<Agent["createConnection"]>) {
    const trusting = { ...options, secureContext: trustedContext(this.#caCertificates) };
    return super.createConnection(trusting, callback);
  }
}
