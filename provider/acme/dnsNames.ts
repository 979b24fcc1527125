import { domainToASCII } from "node:url";

/** Let's Encrypt and most authorities stop at 100 names in one certificate. */
export const MOST_NAMES = 100;

/** The name as certificates and DNS spell it: lower case, IDN in punycode. Empty when it is no domain name at all. */
export function asciiName(name: string): string {
  const wildcard = name.startsWith("*.");
  const ascii = domainToASCII(wildcard ? name.slice(2) : name);
  return ascii && wildcard ? `*.${ascii}` : ascii;
}

/** The names in ASCII, each once, in the order given. */
export function asciiNames(names: readonly string[]): string[] {
  return [...new Set(names.map(asciiName))];
}

/** What is wrong with a name, as a full sentence; `undefined` when nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name.endsWith(".")) return `"${name}" ends with a dot; write it without.`;
  if (/^\*\.\*|^.+\*|^\*[^.]/.test(name)) {
    return `"${name}" has a * in the wrong place; only the whole first label can be one, as in "*.contoso.com".`;
  }
  const bare = name.replace(/^\*\./, "");
  const ascii = domainToASCII(bare);
  if (/^[\d.]+$/.test(ascii) || ascii.includes(":") || ascii.startsWith("[")) {
    return `"${name}" is an IP address; the DNS-01 challenge proves DNS names only.`;
  }
  if (!ascii || /[\s/:@?#]/.test(bare)) return `"${name}" is not a DNS name.`;
  const labels = ascii.split(".");
  if (labels.length < 2) return `"${name}" is a single label; a public name needs a domain, as in "mfa.contoso.com".`;
  if (ascii.length > 253) return `"${name}" is longer than 253 characters.`;
  const bad = labels.find((label) => !/^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label));
  if (bad !== undefined) {
    return `"${name}" has the label "${bad}"; a label has 1 to 63 letters, digits and hyphens, and no hyphen at its ends.`;
  }
  return undefined;
}

/** True when the name lies in the zone, so that its challenge can be answered there. Both in ASCII. */
export function isInZone(name: string, zone: string): boolean {
  const bare = name.replace(/^\*\./, "");
  return bare === zone || bare.endsWith(`.${zone}`);
}

/** The name's wildcard sibling that already covers it, if the list has one: `mfa.contoso.com` is covered by `*.contoso.com`. */
export function coveringWildcard(name: string, names: readonly string[]): string | undefined {
  if (name.startsWith("*.")) return undefined;
  const wildcard = `*.${name.slice(name.indexOf(".") + 1)}`;
  return names.includes(wildcard) ? wildcard : undefined;
}

/** True when both lists name the same set; authorities order names as they like. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
