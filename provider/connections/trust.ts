import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

let common: readonly string[] | undefined;
const contexts = new Map<string, SecureContext>();

/**
 * The CAs that every connection of the kit trusts, each once, in PEM: Node's own, the operating system's (where a company's own CA is
 * usually installed), and the configured ones.
 */
export function trustedCertificates(configured?: string): string[] {
  // Read once: the operating system's take some 50 ms.
  common ??= distinct([...getCACertificates("default"), ...getCACertificates("system")]);
  return configured ? distinct([...common, ...separate(configured)]) : [...common];
}

/** The TLS context with these CAs; one for all connections, for reading 150 certificates costs more than a connection. */
export function trustedContext(configured = ""): SecureContext {
  let context = contexts.get(configured);
  if (context === undefined) {
    context = createSecureContext({ ca: trustedCertificates(configured), minVersion: "TLSv1.2" });
    contexts.set(configured, context);
  }
  return context;
}

/** The certificates of a PEM text; a text without any stays whole, so that TLS refuses it in its own words. */
function separate(pem: string): string[] {
  return pem.match(CERTIFICATE) ?? [pem];
}

/** The same certificate may be wrapped differently. */
function distinct(certificates: readonly string[]): string[] {
  const byText = new Map<string, string>();
  for (const certificate of certificates) {
    const key = certificate.replace(/\s/g, "");
    if (!byText.has(key)) byText.set(key, certificate);
  }
  return [...byText.values()];
}
