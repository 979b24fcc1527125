/** One part of a distinguished name, for example type `OU` and value `Servers` (escapes as written). */
export interface NamePart {
  type: string;
  value: string;
}

const part = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)\s*=\s*((?:\\.|[^\\,+"<>;])+?)\s*$/su;

/** Splits a distinguished name (RFC 4514) at its unescaped commas; undefined when it is none. Multi-valued parts are refused: Active Directory has none. */
export function parseDistinguishedName(text: string): NamePart[] | undefined {
  const pieces = text.match(/(?:\\.|[^\\,])+/gsu);
  if (pieces === null || pieces.join(",") !== text) return undefined;
  const parts: NamePart[] = [];
  for (const piece of pieces) {
    const match = part.exec(piece);
    if (match === null) return undefined;
    parts.push({ type: match[1] ?? "", value: match[2] ?? "" });
  }
  return parts;
}

/** `DC=corp,DC=contoso,DC=com` for `corp.contoso.com`. */
export function baseDistinguishedName(domain: string): string {
  return domain
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
}

/** True when `name` lies below `base` or is it; case and blanks around the parts do not matter. */
export function isWithin(name: string, base: string): boolean {
  const parts = normalised(name);
  const baseParts = normalised(base);
  if (parts === undefined || baseParts === undefined || parts.length < baseParts.length) return false;
  return parts.slice(parts.length - baseParts.length).every((text, index) => text === baseParts[index]);
}

function normalised(name: string): string[] | undefined {
  return parseDistinguishedName(name)?.map(({ type, value }) => `${type}=${value}`.toLowerCase());
}
