/** One attribute of a relative distinguished name, its value unescaped. */
export interface NamePart {
  /** For example `CN`. */
  type: string;
  value: string;
}

/** One component of a distinguished name: almost always a single part. */
export type RelativeName = NamePart[];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const TO_BE_ESCAPED = /["+,;<>=\\\u0000-\u001f\u007f]|^[ #]| $/;
/**
 * ASCII letters, digits and marks that nobody escapes, one space between words, no space around a separator. Lower case is then all
 * that comparing needs; taking tens of thousands of names apart costs seconds.
 */
const PLAIN_NAME = /^(?:[a-z][a-z0-9-]*=[\w.'()@&/:-]+(?: [\w.'()@&/:-]+)*(?:,(?!$)|$))+$/i;

/**
 * Escapes a value for a distinguished name (RFC 4514 section 2.4). Always as a hexadecimal pair (`\2C`), never as `\,`: both are
 * allowed, and a pair cannot be mistaken for a separator by a reader that only looks at the character before the comma.
 */
export function escapeValue(value: string): string {
  if (!TO_BE_ESCAPED.test(value)) return value;
  return [...value]
    .map((character, index, all) => {
      const first = index === 0 && (character === " " || character === "#");
      const last = index === all.length - 1 && character === " ";
      return first || last || isSpecial(character) ? hexPairs(character) : character;
    })
    .join("");
}

function isSpecial(character: string): boolean {
  return '"+,;<>=\\'.includes(character) || character < " " || character === "\u007f";
}

function hexPairs(character: string): string {
  return [...Buffer.from(character, "utf8")]
    .map((byte) => `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

/** `child("CN", "MFA Users", "ou = MFA, DC=corp")` is `CN=MFA Users,ou=MFA,DC=corp`: not every server takes spaces around a separator. */
export function child(type: string, value: string, parent: string): string {
  return `${type}=${escapeValue(value)},${usualSpelling(parent)}`;
}

/** The components, first the object itself; `undefined` when the text is not a distinguished name. */
export function parse(name: string): RelativeName[] | undefined {
  const components = splitUnescaped(name, ",").map((component) => {
    const parts = splitUnescaped(component, "+").map(parsePart);
    return parts.every((part) => part !== undefined) ? parts : undefined;
  });
  return components.every((component) => component !== undefined) ? components : undefined;
}

function parsePart(text: string): NamePart | undefined {
  const match = /^\s*([A-Za-z][A-Za-z0-9-]*|\d+(?:\.\d+)*)\s*=(.*)$/s.exec(text);
  if (match === null) return undefined;
  const value = unescapeValue(match[2] as string);
  return value === undefined || value === "" ? undefined : { type: match[1] as string, value };
}

/** Without the spaces around it; `undefined` when a backslash escapes nothing. */
function unescapeValue(text: string): string | undefined {
  if (!text.includes("\\")) return text.replace(/^ +/, "").replace(/ +$/, "");
  const trimmed = text.replace(/^ +/, "").replace(/(?<!(?:^|[^\\])(?:\\\\)*\\) +$/, "");
  const bytes: Buffer[] = [];
  for (let index = 0; index < trimmed.length; ) {
    const character = String.fromCodePoint(trimmed.codePointAt(index) as number);
    if (character !== "\\") {
      bytes.push(Buffer.from(character, "utf8"));
      index += character.length;
      continue;
    }
    const pair = /^[0-9a-f]{2}/i.exec(trimmed.slice(index + 1, index + 3));
    const escaped = trimmed[index + 1];
    if (pair !== null) {
      bytes.push(Buffer.from(pair[0], "hex"));
      index += 3;
    } else if (escaped !== undefined && ' "#+,;<=>\\'.includes(escaped)) {
      bytes.push(Buffer.from(escaped));
      index += 2;
    } else {
      return undefined;
    }
  }
  return Buffer.concat(bytes).toString("utf8");
}

function splitUnescaped(text: string, separator: string): string[] {
  if (!text.includes("\\")) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === "\\") {
      index += 1;
    } else if (text[index] === separator) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** The name in the usual spelling: no spaces around separators, special characters as hexadecimal pairs. Other text stays as it is. */
export function usualSpelling(name: string): string {
  const components = parse(name);
  if (components === undefined) return name;
  return components.map((parts) => parts.map(({ type, value }) => `${type}=${escapeValue(value)}`).join("+")).join(",");
}

/** Two spellings of one name have the same key: case, spaces and the way of escaping do not count. Text that is no name is its own key. */
export function comparisonKey(name: string): string {
  if (PLAIN_NAME.test(name)) return name.toLowerCase();
  const components = parse(name);
  if (components === undefined) return name;
  return components
    .map((parts) =>
      parts
        .map(({ type, value }) => `${type.toLowerCase()}=${escapeValue(foldValue(value))}`)
        .sort()
        .join("+"),
    )
    .join(",");
}

/** Case and runs of spaces do not count when directories compare names (RFC 4518). */
function foldValue(value: string): string {
  return value.normalize("NFC").toLowerCase().trim().replace(/\s+/g, " ");
}

export function sameName(one: string, other: string): boolean {
  return comparisonKey(one) === comparisonKey(other);
}

/** Whether a name is that of the container or of something in it, at any depth. */
export function isBelow(name: string, container: string): boolean {
  return `,${comparisonKey(name)}`.endsWith(`,${comparisonKey(container)}`);
}

/** The container of an object; the text after the first separator, as it is spelled. `undefined` at the top. */
export function parentOf(name: string): string | undefined {
  const [first] = splitUnescaped(name, ",");
  const rest = name.slice((first as string).length + 1).trimStart();
  return rest === "" ? undefined : rest;
}

/** The unescaped value of the object's own component: `MFA Users` of `CN=MFA Users,OU=MFA,DC=corp`. */
export function leafOf(name: string): string | undefined {
  return parse(name)?.[0]?.[0]?.value;
}
