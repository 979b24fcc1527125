/**
 * A proxy between the kit and a real domain controller: it ends TLS on both sides, counts requests, and injects faults. What it does
 * not answer itself, the controller answers.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { TestDomain } from "./samba.ts";

/** Protocol operations by the tag of their request; the answer's tag follows (RFC 4511 section 4). */
const OPERATIONS = {
  bind: { request: 0x60, response: 0x61 },
  search: { request: 0x63, response: 0x65 },
  modify: { request: 0x66, response: 0x67 },
  add: { request: 0x68, response: 0x69 },
  delete: { request: 0x4a, response: 0x6b },
  modifyDN: { request: 0x6c, response: 0x6d },
} as const;

type Operation = keyof typeof OPERATIONS;

export interface LdapProxy {
  /** `ldaps://127.0.0.1:<port>` */
  readonly url: string;
  readonly connections: number;
  /** How many requests of a kind arrived. */
  count(operation: Operation): number;
  /** The requests of a kind that arrived, each a whole LDAPMessage. */
  requests(operation: Operation): readonly Buffer[];
  /** The next requests of this kind get this result code instead of reaching the controller. */
  answer(operation: Operation, resultCode: number, times: number): void;
  /** The next request of this kind reaches the controller, and the connection is cut before its answer comes back. */
  loseAnswerOf(operation: Operation): void;
  /** Before the next request of this kind goes on to the controller, this happens. */
  before(operation: Operation, act: () => Promise<void>): void;
  /** From now on nothing is answered. */
  fallSilent(): void;
  /** Cuts all connections; new ones are accepted. */
  cut(): void;
  close(): Promise<void>;
}

/** @param certificate what its certificate is like; default: valid for a year */
export async function startLdapProxy(domain: TestDomain, certificate: { notAfter?: Date } = {}): Promise<LdapProxy> {
  const { certPem, keyPem } = await domain.authority.issueCertificate({
    dnsNames: ["dc1.corp.contoso.com"],
    ipAddresses: ["127.0.0.1"],
    ...certificate,
  });
  const arrived = new Map<Operation, Buffer[]>();
  const injected: { operation: Operation; resultCode: number }[] = [];
  const sockets = new Set<TLSSocket>();
  const interludes: { operation: Operation; act: () => Promise<void> }[] = [];
  let lost: Operation | undefined;
  let silent = false;
  let connections = 0;

  const server = createServer({ cert: certPem, key: keyPem }, (client) => {
    connections += 1;
    const { hostname, port } = new URL(domain.running.ldapsUrl);
    const controller = connect({ host: hostname, port: Number(port), ca: domain.authority.caPem });
    let answersLost = false;
    for (const [one, other] of [
      [client, controller],
      [controller, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    controller.on("data", (bytes) => {
      if (answersLost) client.destroy();
      else if (!silent) client.write(bytes);
    });
    let pending = Buffer.alloc(0);
    client.on("data", (bytes) => {
      pending = Buffer.concat([pending, bytes]);
      for (let message = firstMessage(pending); message !== undefined; message = firstMessage(pending)) {
        pending = pending.subarray(message.whole.length);
        const operation = operationOf(message.tag);
        if (operation !== undefined) arrived.set(operation, [...(arrived.get(operation) ?? []), message.whole]);
        const index = injected.findIndex((each) => each.operation === operation);
        const [injection] = index < 0 ? [] : injected.splice(index, 1);
        if (injection !== undefined) {
          client.write(resultMessage(message.id, OPERATIONS[injection.operation].response, injection.resultCode));
          continue;
        }
        if (operation !== undefined && operation === lost) {
          lost = undefined;
          answersLost = true;
        }
        const { whole } = message;
        const interlude = interludes.findIndex((each) => each.operation === operation);
        if (interlude < 0) controller.write(whole);
        else for (const { act } of interludes.splice(interlude, 1)) void act().then(() => controller.write(whole));
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ldaps://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    count: (operation) => arrived.get(operation)?.length ?? 0,
    requests: (operation) => arrived.get(operation) ?? [],
    answer: (operation, resultCode, times) => {
      injected.push(...Array.from({ length: times }, () => ({ operation, resultCode })));
    },
    loseAnswerOf: (operation) => {
      lost = operation;
    },
    before: (operation, act) => {
      interludes.push({ operation, act });
    },
    fallSilent: () => {
      silent = true;
    },
    cut,
    close: async () => {
      server.close();
      cut();
      await once(server, "close");
    },
  };
}

interface Message {
  whole: Buffer;
  id: Buffer;
  tag: number;
}

/** The first complete LDAPMessage: a sequence of a message id and an operation (BER, RFC 4511 section 4.1.1). */
function firstMessage(bytes: Buffer): Message | undefined {
  const outer = element(bytes, 0);
  if (outer === undefined || bytes.length < outer.end) return undefined;
  const id = element(bytes, outer.content);
  if (id === undefined) return undefined;
  return {
    whole: bytes.subarray(0, outer.end),
    id: bytes.subarray(outer.content, id.end),
    tag: bytes.readUInt8(id.end),
  };
}

/** Where the content of the element at `offset` begins and where the element ends. */
function element(bytes: Buffer, offset: number): { content: number; end: number } | undefined {
  const first = bytes[offset + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { content: offset + 2, end: offset + 2 + first };
  const octets = first & 0x7f;
  if (bytes.length < offset + 2 + octets) return undefined;
  const content = offset + 2 + octets;
  return { content, end: content + bytes.readUIntBE(offset + 2, octets) };
}

function operationOf(tag: number): Operation | undefined {
  return (Object.keys(OPERATIONS) as Operation[]).find((operation) => OPERATIONS[operation].request === tag);
}

/** An LDAPResult without matched name, with a text. */
function resultMessage(id: Buffer, tag: number, resultCode: number): Buffer {
  const text = Buffer.from("injected by the test");
  const result = Buffer.concat([Buffer.from([0x0a, 1, resultCode, 0x04, 0, 0x04, text.length]), text]);
  const body = Buffer.concat([id, Buffer.from([tag, result.length]), result]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
