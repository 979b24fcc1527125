import { createHmac, randomInt, timingSafeEqual } from "node:crypto";

/** A key that both sides know (RFC 8945). */
export interface TsigKey {
  name: string;
  secret: Buffer;
  algorithm: "hmac-sha256" | "hmac-sha384" | "hmac-sha512";
}

/** One change of a TXT record: the very value comes or goes, others at the name stay (RFC 2136, 2.5.1 and 2.5.4). */
export interface TxtChange {
  kind: "add" | "delete";
  /** Fully qualified. */
  name: string;
  value: string;
  /** Seconds; for `add`. */
  ttl: number;
}

/** A signed update as it travels, and what is needed to recognise its answer. */
export interface SignedUpdate {
  message: Buffer;
  id: number;
  mac: Buffer;
}

const UPDATE = 5;
const TYPE = { soa: 6, txt: 16, tsig: 250 } as const;
const CLASS = { in: 1, none: 254, any: 255 } as const;

/** Seconds by which the clocks of both sides may differ; what RFC 8945, 10, recommends. */
const FUDGE = 300;

/** A DNS UPDATE message with a transaction signature. `now`: the clock of the signature. */
export function signedUpdate(zone: string, changes: readonly TxtChange[], key: TsigKey, now: Date): SignedUpdate {
  const id = randomInt(0x10000);
  const message = Buffer.concat([
    words(id, UPDATE << 11, 1, 0, changes.length, 0),
    domain(zone),
    words(TYPE.soa, CLASS.in),
    ...changes.map(record),
  ]);
  const time = Math.floor(now.getTime() / 1000);
  const mac = createHmac(hashOf(key), key.secret)
    .update(message)
    .update(tsigVariables(key, time, 0, Buffer.alloc(0)))
    .digest();
  const data = Buffer.concat([domain(key.algorithm), timeAndFudge(time), words(mac.length), mac, words(id, 0, 0)]);
  const tsig = Buffer.concat([domain(key.name), words(TYPE.tsig, CLASS.any, 0, 0, data.length), data]);
  const signed = Buffer.concat([message, tsig]);
  signed.writeUInt16BE(1, ADDITIONAL_COUNT);
  return { message: signed, id, mac };
}

/** What a server answered. */
export interface UpdateAnswer {
  /** Response code of the message: 0 is success. */
  code: number;
  /** Error of the signature, where the server named one (RFC 8945, 3): 16 signature, 17 key, 18 time. */
  signatureError: number;
  /** False when the answer is not signed with the key: then nothing in it can be believed. */
  isAuthentic: boolean;
}

/** Reads the answer to an update. Throws when it is not the answer to this one, or cut off. */
export function readAnswer(answer: Buffer, update: SignedUpdate, key: TsigKey): UpdateAnswer {
  if (answer.length < 12 || answer.readUInt16BE(0) !== update.id) throw new Error("the answer is to another question");
  const code = answer.readUInt16BE(2) & 0xf;
  const counts = [4, 6, 8, ADDITIONAL_COUNT].map((at) => answer.readUInt16BE(at)) as [number, number, number, number];
  const total = counts[1] + counts[2] + counts[3];
  let offset = 12;
  for (let index = 0; index < counts[0]; index++) offset = skipName(answer, offset) + 4;
  // The signature is the last record of all (RFC 8945, 5.1).
  for (let index = 0; index < total - 1; index++) offset = skipRecord(answer, offset);
  const last = total === 0 ? undefined : skipName(answer, offset);
  if (last === undefined || answer.readUInt16BE(last) !== TYPE.tsig) {
    return { code, signatureError: 0, isAuthentic: false };
  }
  const tsig = readTsig(answer, last + 10);
  const unsigned = Buffer.from(answer.subarray(0, offset));
  unsigned.writeUInt16BE(counts[3] - 1, ADDITIONAL_COUNT);
  unsigned.writeUInt16BE(tsig.originalId, 0);
  const expected = createHmac(hashOf(key), key.secret)
    .update(Buffer.concat([words(update.mac.length), update.mac]))
    .update(unsigned)
    .update(tsigVariables(key, tsig.time, tsig.error, tsig.other))
    .digest();
  const isAuthentic = tsig.mac.length === expected.length && timingSafeEqual(tsig.mac, expected);
  return { code, signatureError: tsig.error, isAuthentic };
}

const ADDITIONAL_COUNT = 10;

function record({ kind, name, value, ttl }: TxtChange): Buffer {
  const data = Buffer.from(value, "ascii");
  const strings = Buffer.concat([Buffer.from([data.length]), data]);
  const [recordClass, seconds] = kind === "add" ? [CLASS.in, ttl] : [CLASS.none, 0];
  return Buffer.concat([domain(name), words(TYPE.txt, recordClass, 0, seconds, strings.length), strings]);
}

/** What is signed beside the message itself (RFC 8945, 4.3.3). */
function tsigVariables(key: TsigKey, time: number, error: number, other: Buffer): Buffer {
  return Buffer.concat([
    domain(key.name),
    words(CLASS.any, 0, 0),
    domain(key.algorithm),
    timeAndFudge(time),
    words(error, other.length),
    other,
  ]);
}

function timeAndFudge(time: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUIntBE(time, 0, 6);
  bytes.writeUInt16BE(FUDGE, 6);
  return bytes;
}

interface Tsig {
  time: number;
  mac: Buffer;
  originalId: number;
  error: number;
  other: Buffer;
}

function readTsig(message: Buffer, start: number): Tsig {
  let offset = skipName(message, start);
  const time = message.readUIntBE(offset, 6);
  const size = message.readUInt16BE(offset + 8);
  const mac = message.subarray(offset + 10, offset + 10 + size);
  offset += 10 + size;
  const otherLength = message.readUInt16BE(offset + 4);
  return {
    time,
    mac,
    originalId: message.readUInt16BE(offset),
    error: message.readUInt16BE(offset + 2),
    other: message.subarray(offset + 6, offset + 6 + otherLength),
  };
}

function skipRecord(message: Buffer, start: number): number {
  const offset = skipName(message, start);
  return offset + 10 + message.readUInt16BE(offset + 8);
}

/** A name is a run of labels that ends with an empty one or with a pointer (RFC 1035, 4.1.4). */
function skipName(message: Buffer, start: number): number {
  let offset = start;
  for (;;) {
    const length = message.readUInt8(offset);
    if (length >= 0xc0) return offset + 2;
    offset += 1 + length;
    if (length === 0) return offset;
  }
}

/** In lower case and without pointers: the form that is signed. */
function domain(name: string): Buffer {
  const labels = name.toLowerCase().replace(/\.$/, "").split(".");
  return Buffer.concat([
    ...labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, "ascii")]),
    Buffer.alloc(1),
  ]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

function hashOf(key: TsigKey): string {
  return key.algorithm.slice("hmac-".length);
}
