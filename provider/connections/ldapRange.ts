import type { DirectoryEntry } from "./ldapEntry.ts";

/** The values of an attribute in one answer, whether they came whole or as a range. */
export function rangedValues(entry: DirectoryEntry, attribute: string): string[] {
  const name = rangeName(entry, attribute);
  return entry.texts(name ?? attribute);
}

/** What to ask for next, for example `member;range=1500-*`; `undefined` after the last range (its end is `*`) or a whole answer. */
export function nextRange(entry: DirectoryEntry, attribute: string): string | undefined {
  const end = /;range=\d+-(\d+)$/.exec(rangeName(entry, attribute) ?? "")?.[1];
  return end === undefined ? undefined : `${attribute};range=${Number(end) + 1}-*`;
}

function rangeName(entry: DirectoryEntry, attribute: string): string | undefined {
  return entry.attributeNames().find((name) => name.startsWith(`${attribute.toLowerCase()};range=`));
}
