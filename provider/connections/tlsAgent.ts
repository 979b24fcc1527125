import { Agent } from "node:https";
import { createSecureContext, getCACertificates } from "node:tls";

/**
 * Keeps HTTPS connections alive, takes a proxy from the environment (HTTPS_PROXY, NO_PROXY), and trusts the CAs in
 * `caCertificates` (PEM) beside the system's.
 */
export function trustingAgent(caCertificates: string | undefined): Agent {
  const options = { keepAlive: true, proxyEnv: process.env };
  if (!caCertificates) return new Agent(options);
  // One context for all connections: reading 150 certificates for each would cost more than the connection.
  return new Agent({ ...options, secureContext: createSecureContext({ ca: trustedCertificates(caCertificates) }) });
}

/** The system's CAs and these. */
export function trustedCertificates(caCertificates: string): string[] {
  return [...getCACertificates("default"), caCertificates];
}
