import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { CheckFailed } from "../verify/check.ts";
import { type Door, TIMEOUT } from "./presented.ts";

/** Versions as the wire names them (RFC 2246, 4346, 5246). */
export const wireVersions = { "TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303 } as const;

/** What a server chose. */
export interface ServerChoice {
  version: number;
  cipher: number;
}

const RECORD = { alert: 21, handshake: 22 } as const;
const SERVER_HELLO = 2;

/**
 * Offers one version (and those below it) and some cipher suites, and answers with the server's choice, or undefined when it refuses.
 * Written by hand because no current TLS library still speaks what must be refused.
 * @throws CheckFailed when nothing listens or nothing answers: that is no refusal.
 */
export function offer(door: Door, version: number, ciphers: readonly number[]): Promise<ServerChoice | undefined> {
  const { address, port, hostName } = door;
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    let connected = false;
    const socket = connect({ host: address, port, timeout: TIMEOUT });
    const end = (choice: ServerChoice | undefined) => {
      resolve(choice);
      socket.destroy();
    };
    socket.once("connect", () => {
      connected = true;
      socket.write(clientHello(hostName, version, ciphers));
    });
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received[0] === RECORD.alert) return end(undefined);
      if (received[0] !== RECORD.handshake) {
        socket.destroy(new CheckFailed(`${address}:${port} does not speak TLS`));
        return;
      }
      const choice = serverChoice(received);
      if (choice !== undefined) end(choice);
    });
    socket.once("timeout", () => socket.destroy(new CheckFailed(`${address}:${port} does not answer`)));
    // Windows closes without an alert where it knows no common version.
    socket.once("close", () => end(undefined));
    socket.once("error", (error) => {
      if (connected && !(error instanceof CheckFailed)) end(undefined);
      else reject(error);
    });
  });
}

/** A ClientHello in one record (RFC 5246 7.4.1.2). */
function clientHello(hostName: string, version: number, ciphers: readonly number[]): Buffer {
  const extensions = Buffer.concat([
    extension(0, block16(Buffer.concat([Buffer.from([0]), block16(Buffer.from(hostName, "ascii"))]))),
    // supported_groups: x25519, P-256, P-384; ec_point_formats: uncompressed.
    extension(10, block16(words([0x001d, 0x0017, 0x0018]))),
    extension(11, Buffer.from([1, 0])),
    // signature_algorithms: RSA and ECDSA with SHA-256, SHA-384 and SHA-1.
    extension(13, block16(words([0x0401, 0x0403, 0x0501, 0x0503, 0x0804, 0x0201, 0x0203]))),
    extension(0xff01, Buffer.from([0])),
  ]);
  const body = Buffer.concat([
    words([version]),
    randomBytes(32),
    Buffer.from([0]),
    block16(words(ciphers)),
    Buffer.from([1, 0]),
    block16(extensions),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  length[0] = 1;
  return Buffer.concat([Buffer.from([RECORD.handshake]), words([0x0301]), block16(Buffer.concat([length, body]))]);
}

/** Version and cipher suite of a ServerHello (RFC 5246 7.4.1.3); undefined until enough of it is there. */
function serverChoice(received: Buffer): ServerChoice | undefined {
  const sessionLength = received[43];
  if (sessionLength === undefined || received.length < 46 + sessionLength) return undefined;
  if (received[5] !== SERVER_HELLO) throw new CheckFailed("the server answers with something else than a ServerHello");
  return { version: received.readUInt16BE(9), cipher: received.readUInt16BE(44 + sessionLength) };
}

function extension(type: number, data: Buffer): Buffer {
  return Buffer.concat([words([type]), block16(data)]);
}

function block16(data: Buffer): Buffer {
  return Buffer.concat([words([data.length]), data]);
}

function words(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) buffer.writeUInt16BE(value, index * 2);
  return buffer;
}
