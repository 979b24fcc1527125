import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressAt,
  contains,
  includesAddress,
  isReserved,
  overlaps,
  parsePrefix,
} from "../../../sandbox/azure/types/network/addresses.ts";

const octet = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join("."));
/** A valid block: the host bits of a random address are set to zero. */
const block = fc.tuple(address, fc.integer({ min: 8, max: 29 })).map(([text, bits]) => {
  const number = text.split(".").reduce((n, part) => n * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  const first = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join(".")}/${bits}`;
});
const parsed = (text: string) => parsePrefix(text) as NonNullable<ReturnType<typeof parsePrefix>>;
const oracle = (text: string) => {
  const list = new BlockList();
  list.addSubnet(text.split("/")[0] as string, Number(text.split("/")[1]));
  return list;
};

describe("address blocks", () => {
  it("include exactly the addresses that Node's own block list includes", () => {
    fc.assert(
      fc.property(block, address, (text, one) => includesAddress(parsed(text), one) === oracle(text).check(one)),
    );
  });
  it("contain each other exactly when their first and last addresses are inside", () => {
    fc.assert(
      fc.property(block, block, (a, b) => {
        const inner = parsed(b);
        const ends = [addressAt(inner, 0n), addressAt(inner, inner.size - 1n)];
        return contains(parsed(a), inner) === ends.every((end) => oracle(a).check(end));
      }),
    );
  });
  it("overlap exactly when one contains the other", () => {
    fc.assert(
      fc.property(
        block,
        block,
        (a, b) => overlaps(parsed(a), parsed(b)) === (contains(parsed(a), parsed(b)) || contains(parsed(b), parsed(a))),
      ),
    );
  });
  it("keep five addresses for Azure", () => {
    fc.assert(
      fc.property(block, (text) => {
        const prefix = parsed(text);
        const reserved = [0n, 1n, 2n, 3n, prefix.size - 1n].every((offset) =>
          isReserved(prefix, addressAt(prefix, offset)),
        );
        return reserved && !isReserved(prefix, addressAt(prefix, 4n));
      }),
    );
  });
  it.each(["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0", "10.0.0/8", "::1/64", "x/8", "10.0.0.0/8/8", "10.0.0.0/-1"])(
    "are not: %s",
    (text) => {
      expect(parsePrefix(text)).toBeUndefined();
    },
  );
  it("may be of IPv6", () => {
    expect(contains(parsed("2001:db8::/32"), parsed("2001:db8:1::/64"))).toBe(true);
    expect(contains(parsed("2001:db8::/32"), parsed("2001:db9::/64"))).toBe(false);
  });
});
