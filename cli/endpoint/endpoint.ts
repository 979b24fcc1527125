import type { NameServer } from "../../provider/connections/publicDns.ts";

/** The public endpoint as its checks see it: what it should be, and the ways to ask. Nothing here needs a secret. */
export interface Endpoint {
  hostName: string;
  /** Where the name must point to, IPv4 and IPv6. */
  expectedAddresses: readonly string[];
  /** The authority that CAA must allow; undefined when the certificate comes from an organisation's own. */
  caaIssuer: string | undefined;
  /** The account there that CAA must allow (RFC 8657). */
  caaAccountUri: string | undefined;
  /** SHA-1 of the certificate in the state, 40 upper-case hexadecimal digits. */
  thumbprint: string;
  /** An address of the service whose answers must carry the HSTS header. */
  url: string;
  /** Port of HTTPS. */
  port: number;
  /** Port of plain HTTP, which must be closed. */
  httpPort: number;
  /** PEM of roots to trust beside the public ones. */
  trustedRoots: string | undefined;
  now: Date;
  /** The servers that answer for the zone. */
  nameServers(): Promise<NameServer[]>;
  /** The addresses that the name has there. */
  addresses(): Promise<string[]>;
}
