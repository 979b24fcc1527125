import { createSocket, type RemoteInfo, type Socket as UdpSocket } from "node:dgram";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Packet,
  streamDecode,
  streamEncode,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import type { Faults } from "../arm/faults.ts";
import type { Store } from "../arm/store.ts";
import { answer } from "./answer.ts";

/** Response codes of RFC 1035 as the flags' last four bits. */
const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

/** What an answer over UDP may measure when the question names no size (RFC 1035 4.2.1). */
const plainUdpSize = 512;

export interface DnsServer {
  port: number;
  close(): Promise<void>;
}

/** The name server of the public zones, UDP and TCP on one port: it answers from the store, so a new record is served at once. */
export async function serveDns(store: Store, faults: Faults, address: string, port: number): Promise<DnsServer> {
  const tcp = await listenTcp(store, faults, address, port);
  const bound = (tcp.server.address() as AddressInfo).port;
  const udp = createSocket("udp4");
  udp.on("message", (message, remote) => {
    void answerUdp(udp, message, remote, store, faults);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      udp.once("error", reject);
      udp.bind(bound, address, resolve);
    });
  } catch (error) {
    tcp.server.close();
    throw error;
  }
  return {
    port: bound,
    async close() {
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      for (const connection of tcp.connections) connection.destroy();
      await new Promise<void>((resolve) => tcp.server.close(() => resolve()));
    },
  };
}

async function answerUdp(
  udp: UdpSocket,
  message: Buffer,
  remote: RemoteInfo,
  store: Store,
  faults: Faults,
): Promise<void> {
  const query = parse(() => decode(message));
  if (query === undefined) return;
  const reply = await respond(query, store, faults);
  if (reply === undefined) return;
  const size = query.additionals?.find((a) => a.type === "OPT")?.udpPayloadSize ?? plainUdpSize;
  const full = encode(reply);
  const fits = full.length <= Math.max(size, plainUdpSize);
  const sent = fits
    ? full
    : encode({ ...reply, flags: (reply.flags ?? 0) | TRUNCATED_RESPONSE, answers: [], authorities: [] });
  udp.send(sent, remote.port, remote.address);
}

function listenTcp(
  store: Store,
  faults: Faults,
  address: string,
  port: number,
): Promise<{ server: Server; connections: Set<Socket> }> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
    socket.on("error", () => socket.destroy());
    let pending = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 2 && pending.length >= pending.readUInt16BE(0) + 2) {
        const length = pending.readUInt16BE(0) + 2;
        const query = parse(() => streamDecode(pending.subarray(0, length)));
        pending = pending.subarray(length);
        if (query === undefined) {
          socket.destroy();
          return;
        }
        void respond(query, store, faults).then((reply) => {
          if (reply === undefined) socket.destroy();
          else socket.write(streamEncode(reply));
        });
      }
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve({ server, connections }));
  });
}

/** `undefined`: a fault lets the question go unanswered. */
async function respond(query: Packet, store: Store, faults: Faults): Promise<Packet | undefined> {
  const [question] = query.questions ?? [];
  const base: Packet = { type: "response", id: query.id ?? 0, questions: query.questions ?? [] };
  // Recursion desired is repeated; it is never available here.
  const repeated = (query.flags ?? 0) & 0x0100;
  if (question === undefined || query.questions?.length !== 1) return { ...base, flags: repeated | rcodes.FORMERR };
  if ((query.flags ?? 0) & 0x7800) return { ...base, flags: repeated | rcodes.NOTIMP };
  const hits = faults.take("DNS", `${question.name} ${question.type}`);
  const delay = hits.get("delay");
  if (delay !== undefined) {
    await new Promise((resolve) => {
      setTimeout(resolve, delay.ms ?? 0);
    });
  }
  if (hits.has("dropResponse")) return undefined;
  if (hits.has("status")) return { ...base, flags: repeated | rcodes.SERVFAIL };
  const reply = answer(store, question.name, question.type);
  return {
    ...base,
    flags: repeated | (reply.authoritative ? AUTHORITATIVE_ANSWER : 0) | rcodes[reply.rcode],
    answers: reply.answers,
    authorities: reply.authorities,
  };
}

/** Whatever a stranger sends must not end the server. */
function parse(read: () => Packet | null): Packet | undefined {
  try {
    const packet = read();
    return packet?.type === "query" ? packet : undefined;
  } catch {
    return undefined;
  }
}
