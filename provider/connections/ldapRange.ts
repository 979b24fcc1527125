import type { DirectoryEntry } from "./ldapEntry.ts";

/**
 * Values asked for at once: as many as Windows hands out unless its MaxValRange was changed. A controller without a limit would send
 * a large group in one message of megabytes.
 */
const VALUES_PER_RANGE = 1500;

/** What to ask for, for example `member;range=0-1499`, to get the values from the one with this number on. */
export function rangeFrom(attribute: string, first: number): string {
  return `${attribute};range=${first}-${first + VALUES_PER_RANGE - 1}`;
}

/** The values of an attribute in one answer, whether they came whole or as a range. */
export function rangedValues(entry: DirectoryEntry, attribute: string): string[] {
  const name = rangeName(entry, attribute);
  return entry.texts(name ?? attribute);
}

/** What to ask for next; `undefined` after the last range (its end is `*`), a whole answer, or none. */
export function nextRange(entry: DirectoryEntry, attribute: string): string | undefined {
  const end = /;range=\d+-(\d+)$/.exec(rangeName(entry, attribute) ?? "")?.[1];
  return end === undefined ? undefined : rangeFrom(attribute, Number(end) + 1);
}

/** The library lists what was asked for and did not come, without values. */
function rangeName(entry: DirectoryEntry, attribute: string): string | undefined {
  const front = `${attribute.toLowerCase()};range=`;
  return entry.attributeNames().find((name) => name.startsWith(front) && entry.texts(name).length > 0);
}
