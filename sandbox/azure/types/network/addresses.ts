import { BlockList, isIP } from "node:net";

/** A CIDR block, `10.20.1.0/24`. */
export interface Prefix {
  address: string;
  bits: number;
  family: 4 | 6;
  /** First address as a number. */
  first: bigint;
  size: bigint;
}

/** Reads `10.20.0.0/16`; host bits must be zero, as Azure wants. */
export function parsePrefix(text: string): Prefix | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || !/^\d+$/.test(length)) return undefined;
  const width = family === 4 ? 32 : 128;
  const bits = Number(length);
  if (bits > width) return undefined;
  const size = 1n << BigInt(width - bits);
  const first = addressNumber(address);
  return first % size === 0n ? { address, bits, family: family as 4 | 6, first, size } : undefined;
}

export function contains(outer: Prefix, inner: Prefix): boolean {
  return (
    outer.family === inner.family && inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size
  );
}

export function overlaps(a: Prefix, b: Prefix): boolean {
  return a.family === b.family && a.first < b.first + b.size && b.first < a.first + a.size;
}

/** Azure keeps the first four addresses of a subnet and the last one. */
export function isReserved(subnet: Prefix, address: string): boolean {
  const offset = addressNumber(address) - subnet.first;
  return offset < 4n || offset === subnet.size - 1n;
}

export function includesAddress(prefix: Prefix, address: string): boolean {
  if (isIP(address) !== prefix.family) return false;
  const offset = addressNumber(address) - prefix.first;
  return offset >= 0n && offset < prefix.size;
}

/** The address at an offset from the prefix' first one. IPv4 only. */
export function addressAt(prefix: Prefix, offset: bigint): string {
  const number = prefix.first + offset;
  return [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join(".");
}

export function addressNumber(address: string): bigint {
  if (isIP(address) === 4) return address.split(".").reduce((number, part) => number * 256n + BigInt(part), 0n);
  const [head = "", tail] = address.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  const middle = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...middle, ...right].reduce((number, group) => number * 65536n + BigInt(`0x${group || "0"}`), 0n);
}

/** True when `address` is `text` itself, or inside it when it is a CIDR block. */
export function matchesAddress(text: string, address: string): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const [base = "", bits] = text.split("/");
  if (isIP(base) === 0) return false;
  if (bits === undefined) return base === address;
  const block = new BlockList();
  block.addSubnet(base, Number(bits), isIP(base) === 6 ? "ipv6" : "ipv4");
  return block.check(address, family);
}
