import { Resolver } from "node:dns/promises";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { DnsUpdateConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import type { ChallengeValues } from "./acmeOrder.ts";
import { CHALLENGE_TTL, type ChallengeZone } from "./challengeZone.ts";
import { readAnswer, signedUpdate, type TsigKey, type TxtChange, type UpdateAnswer } from "./dnsUpdateMessage.ts";
import { resolveNameServers, splitHostPort } from "./publicDns.ts";

const ANSWER_TIMEOUT_MS = 10_000;
const ATTEMPTS = 4;

/**
 * A zone outside Azure whose primary server takes updates signed with a shared key (RFC 2136, RFC 8945). Such a zone has no place
 * for a mark of the owner: `left` are the values that an earlier run of the same resource is known to have published.
 */
export function dnsUpdateZone(connection: DnsUpdateConnection, left: readonly ChallengeValues[]): ChallengeZone {
  const zone = connection.zone.toLowerCase().replace(/\.$/, "");
  const key: TsigKey = {
    name: connection.keyName.replace(/\.$/, ""),
    secret: Buffer.from(connection.key, "base64"),
    algorithm: connection.algorithm,
  };
  const own = new Map<string, Set<string>>();
  const ownAt = (name: string): Set<string> => {
    const known = own.get(name) ?? new Set();
    own.set(name, known);
    return known;
  };
  for (const { name, values } of left) for (const value of values) ownAt(name).add(value);

  const update = async (changes: TxtChange[], signal: AbortSignal | undefined): Promise<void> => {
    if (changes.length > 0) accepted(await send(connection, zone, changes, key, signal), connection);
  };
  return {
    name: zone,
    publish: async (name, values, signal) => {
      const gone = [...ownAt(name)].filter((value) => !values.includes(value));
      for (const value of values) ownAt(name).add(value);
      await update(
        [...gone.map((value) => change("delete", name, value)), ...values.map((value) => change("add", name, value))],
        signal,
      );
    },
    withdraw: async (name, signal) => {
      await update(
        [...ownAt(name)].map((value) => change("delete", name, value)),
        signal,
      );
      own.delete(name);
    },
    nameServers: async () => {
      const { host, port = "53" } = splitHostPort(connection.server);
      const primary = await resolveNameServers([`${host}:${port}`]);
      const resolver = new Resolver({ timeout: 2_000, tries: 2 });
      resolver.setServers(primary.map(({ address }) => address));
      const hosts = await resolver.resolveNs(zone).catch((cause: Error) => {
        throw unanswered(connection, `it does not name the zone's servers (${cause.message})`, cause);
      });
      return resolveNameServers(hosts);
    },
  };
}

function change(kind: TxtChange["kind"], name: string, value: string): TxtChange {
  return { kind, name, value, ttl: CHALLENGE_TTL };
}

/** Adding what is there and deleting what is not there both succeed: an update whose answer was lost is sent again. */
async function send(
  connection: DnsUpdateConnection,
  zone: string,
  changes: TxtChange[],
  key: TsigKey,
  signal: AbortSignal | undefined,
): Promise<UpdateAnswer> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    const update = signedUpdate(zone, changes, key, new Date());
    try {
      const answer = readAnswer(await exchange(connection.server, update.message, signal), update, key);
      if (answer.code !== SERVER_FAILURE || attempt === ATTEMPTS) return answer;
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt === ATTEMPTS) throw unanswered(connection, (error as Error).message, error);
    }
    await sleep(250 * 2 ** attempt * (0.5 + Math.random() / 2), undefined, { signal });
  }
}

/** One message over TCP, which carries any length (RFC 1035, 4.2.2). */
function exchange(server: string, message: Buffer, signal: AbortSignal | undefined): Promise<Buffer> {
  const { host, port = "53" } = splitHostPort(server);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port), signal, timeout: ANSWER_TIMEOUT_MS });
    let received = Buffer.alloc(0);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    socket.on("connect", () => socket.write(Buffer.concat([length, message])));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
      socket.destroy();
    });
    socket.on("timeout", () => socket.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed without an answer")));
  });
}

const SERVER_FAILURE = 2;

/** Names of the codes (RFC 1035, RFC 2136, RFC 8945). */
const CODES: Record<number, string> = {
  1: "FORMERR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  4: "NOTIMP",
  5: "REFUSED",
  9: "NOTAUTH",
  10: "NOTZONE",
  16: "BADSIG",
  17: "BADKEY",
  18: "BADTIME",
};

const ADVICE: Record<number, string> = {
  5: "Let the server's update policy allow this key to change TXT records at the challenge's name.",
  9: "Check certificate.dnsUpdate.zone and that the server is the zone's primary.",
  10: "Check certificate.dnsUpdate.zone: the challenge's name does not lie in it.",
  16: "Check the secret dnsUpdateKey against the server's key, and the algorithm.",
  17: "Check certificate.dnsUpdate.keyName and algorithm against the server's key.",
  18: "Set the clocks of this machine and of the server: they differ by more than five minutes.",
};

function accepted(answer: UpdateAnswer, { server, zone }: DnsUpdateConnection): void {
  const code = answer.signatureError || answer.code;
  if (code === 0 && answer.isAuthentic) return;
  throw new UserError("DNS_UPDATE_REFUSED", {
    what: `The DNS update of ${zone} at ${server}`,
    why: code === 0 ? "the answer is not signed with the key" : `the server answered ${CODES[code] ?? `code ${code}`}`,
    next: ADVICE[code] ?? "Read the server's log.",
  });
}

function unanswered({ server, zone }: DnsUpdateConnection, why: string, cause: unknown): UserError {
  return new UserError(
    "DNS_UPDATE_UNANSWERED",
    {
      what: `The DNS update of ${zone} at ${server}`,
      why,
      next: "Check certificate.dnsUpdate.server and that its port is open from here over TCP, then run again.",
    },
    { cause },
  );
}
