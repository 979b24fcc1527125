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
  /** Validate after a random pause of up to 15 s, as a busy authority would. Default `false`. */
  slowValidation?: boolean;
  /** Names for which it refuses to issue. */
  blockedDomains?: string[];
}
