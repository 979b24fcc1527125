import ipaddr from "ipaddr.js";

/** How far a source of a security rule reaches. */
export type Reach = "internet" | "public" | "private";

/** Service tags that stand for addresses inside the organisation's own network, or for Azure's health probes. */
const privateTags = new Set(["virtualnetwork", "azureloadbalancer", "gatewaymanager"]);
const everybody = new Set(["*", "any", "internet"]);

/** A prefix that is shorter than this covers so much of the address space that it stands for the Internet. */
const shortestNamedPrefix = 8;

/** Reach of a source: `*`, a service tag, an address or a prefix. A tag that the kit does not know is taken as public. */
export function reachOf(source: string): Reach {
  const text = source.trim().toLowerCase();
  if (everybody.has(text)) return "internet";
  if (privateTags.has(text)) return "private";
  const network = networkOf(text);
  if (network === undefined) return "public";
  const [address, length] = network;
  if (length < shortestNamedPrefix && (length === 0 || address.range() !== "private")) return "internet";
  return address.range() === "unicast" || address.range() === "reserved" ? "public" : "private";
}

/** Length of a prefix, that of a single address included; `undefined` for tags. */
export function prefixLength(source: string): number | undefined {
  return networkOf(source.trim().toLowerCase())?.[1];
}

function networkOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}
