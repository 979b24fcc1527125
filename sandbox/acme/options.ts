/** How to run the certificate authority. */
export interface AcmeOptions {
  /** Folder for its configuration. */
  directory: string;
  /** Loopback address to listen on; the ports are free ones, the same as last time where possible. */
  address: string;
  /** `address:port` of the DNS server that it asks for challenges. */
  dnsServer: string;
  /** PEM files of its own TLS certificate, and of the CA that issued it. */
  tls: { certFile: string; keyFile: string; caFile: string };
  logFile: string;
  /** Path of Pebble's executable. */
  pebbleBinary: string;
  /** Lifetime of the certificates that it issues. Default 90 days, as public authorities have it at present. */
  certificateValidityDays?: number;
  /** Share of good nonces that is refused, 0 to 100, to prove that clients try again. Default 5, Pebble's own. */
  nonceRejectPercent?: number;
  /** How often a name that was proven before need not be proven again, 0 to 100. Default 50, Pebble's own. */
  authorizationReusePercent?: number;
  /** Validate after a random pause of some seconds, as a busy authority would. Default `false`. */
  slowValidation?: boolean;
  /** Accounts need an external account binding with one of these keys (base64url) by their names. Default: none is needed. */
  externalAccounts?: Record<string, string>;
  /** Further profiles by name, with the lifetime of their certificates in days. An order that names none then gets any one. */
  profiles?: Record<string, number>;
  /** Further roots, each with a chain of its own that a client may prefer. Default 0. */
  alternateRoots?: number;
  /** Seconds that it asks clients to wait before they look again. Default 0. */
  retryAfterSeconds?: number;
  /** With `slowValidation`: the pauses are whole seconds below this. Default 5, Pebble's own. */
  longestValidationSeconds?: number;
  /** Names for which it refuses to issue. */
  blockedDomains?: string[];
}
