import type { NameServer } from "./publicDns.ts";

/** A DNS zone in which one owner answers challenges, beside whatever else lives at the same names. */
export interface ChallengeZone {
  /** DNS name in ASCII, lower case, without a final dot. */
  readonly name: string;
  /** Publishes the values at a fully qualified name; what the owner left there before goes, what others put there stays. */
  publish(name: string, values: string[], signal: AbortSignal | undefined): Promise<void>;
  /** Removes what the owner left at the name. */
  withdraw(name: string, signal: AbortSignal | undefined): Promise<void>;
  /** The servers that the authority may ask: all of them must show a record before it is told to look. */
  nameServers(signal: AbortSignal | undefined): Promise<NameServer[]>;
}

/** Seconds. Nobody but the authority reads a challenge, once. */
export const CHALLENGE_TTL = 10;
