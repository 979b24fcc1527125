import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { comparisonKey, parse, usualSpelling } from "./distinguishedName.ts";
import { guidBytes, guidText } from "./identifiers.ts";

/** The ways in which a program may name a member or a group. */
export type Designation =
  | { by: "objectGUID"; bytes: Buffer; guid: string }
  | { by: "distinguishedName"; name: string; key: string }
  | { by: "userPrincipalName"; principal: string }
  | { by: "sAMAccountName"; accountName: string };

export function designationOf(text: string): Designation {
  const bytes = guidBytes(text);
  if (bytes !== undefined) return { by: "objectGUID", bytes, guid: guidText(bytes) };
  if (text.includes("=") && parse(text) !== undefined) {
    return { by: "distinguishedName", name: usualSpelling(text), key: comparisonKey(text) };
  }
  if (text.includes("@")) return { by: "userPrincipalName", principal: text.toLowerCase() };
  return { by: "sAMAccountName", accountName: text.toLowerCase() };
}

/** Two declared members that are spelled alike, apart from case and the spelling of a distinguished name, are one. */
export function spellingKey(text: string): string {
  const designation = designationOf(text);
  switch (designation.by) {
    case "objectGUID":
      return designation.guid;
    case "distinguishedName":
      return designation.key;
    default:
      return text.toLowerCase();
  }
}

export function isGroup(entry: DirectoryEntry): boolean {
  return entry.texts("objectClass").includes("group");
}

/** A user account; computers and managed service accounts are `user` too, but nobody's. */
export function isPerson(entry: DirectoryEntry): boolean {
  const classes = entry.texts("objectClass");
  return classes.includes("user") && !classes.includes("computer");
}

/** A computer that has not joined the domain yet is no mistake in a preview. */
export function isComputer(text: string): boolean {
  return text.endsWith("$");
}

/**
 * The account name in a principal name that Active Directory derives by itself: `name@domain` works whatever userPrincipalName
 * says (MS-ADTS 5.1.1.1.1).
 */
export function implicitAccountName(principal: string, domain: string): string | undefined {
  const [name, suffix, ...more] = principal.split("@");
  return more.length === 0 && suffix?.toLowerCase() === domain.toLowerCase() ? name?.toLowerCase() : undefined;
}

/** Finds objects by the names that programs use. */
export class MemberIndex {
  readonly #entries: readonly DirectoryEntry[];
  readonly #domain: string;
  /** Made when the first name of the kind is looked for: most programs name all members in one way. */
  readonly #byKind = new Map<Designation["by"], Map<string, DirectoryEntry>>();

  constructor(entries: readonly DirectoryEntry[], domain: string) {
    this.#entries = entries;
    this.#domain = domain;
  }

  /** The objects of these names that exist, each once, however often and in however many ways it is named. */
  all(texts: readonly string[]): DirectoryEntry[] {
    return [...new Set(texts.flatMap((text) => this.find(text) ?? []))];
  }

  /** @param implicit also by the principal name that the directory derives from an account name; default `true` */
  find(text: string, { implicit = true } = {}): DirectoryEntry | undefined {
    const designation = designationOf(text);
    switch (designation.by) {
      case "objectGUID":
        return this.#found("objectGUID", designation.guid);
      case "distinguishedName":
        return this.#found("distinguishedName", designation.key);
      case "userPrincipalName": {
        const explicit = this.#found("userPrincipalName", designation.principal);
        if (explicit !== undefined || !implicit) return explicit;
        return this.#found("sAMAccountName", implicitAccountName(designation.principal, this.#domain));
      }
      case "sAMAccountName":
        return this.#found("sAMAccountName", designation.accountName);
    }
  }

  #found(kind: Designation["by"], key: string | undefined): DirectoryEntry | undefined {
    let index = this.#byKind.get(kind);
    if (index === undefined) {
      const keyed = this.#entries.map((entry) => [keyIn(entry, kind), entry] as const);
      index = new Map(keyed.filter((pair): pair is [string, DirectoryEntry] => pair[0] !== undefined));
      this.#byKind.set(kind, index);
    }
    return key === undefined ? undefined : index.get(key);
  }
}

/** What an object is found by among names of this kind. */
function keyIn(entry: DirectoryEntry, kind: Designation["by"]): string | undefined {
  if (kind === "distinguishedName") return comparisonKey(entry.name);
  if (kind !== "objectGUID") return entry.text(kind)?.toLowerCase();
  const bytes = entry.bytes(kind);
  return bytes === undefined ? undefined : guidText(bytes);
}
