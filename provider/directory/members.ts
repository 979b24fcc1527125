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
  readonly #byKey = new Map<string, DirectoryEntry>();
  readonly #domain: string;

  constructor(entries: readonly DirectoryEntry[], domain: string) {
    this.#domain = domain;
    for (const entry of entries) {
      const guid = entry.bytes("objectGUID");
      const principal = entry.text("userPrincipalName");
      const accountName = entry.text("sAMAccountName");
      if (guid !== undefined) this.#byKey.set(`guid ${guidText(guid)}`, entry);
      if (principal !== undefined) this.#byKey.set(`principal ${principal.toLowerCase()}`, entry);
      if (accountName !== undefined) this.#byKey.set(`account ${accountName.toLowerCase()}`, entry);
      this.#byKey.set(`name ${comparisonKey(entry.name)}`, entry);
    }
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
        return this.#byKey.get(`guid ${designation.guid}`);
      case "distinguishedName":
        return this.#byKey.get(`name ${designation.key}`);
      case "userPrincipalName": {
        const explicit = this.#byKey.get(`principal ${designation.principal}`);
        if (explicit !== undefined || !implicit) return explicit;
        return this.#byKey.get(`account ${implicitAccountName(designation.principal, this.#domain)}`);
      }
      case "sAMAccountName":
        return this.#byKey.get(`account ${designation.accountName}`);
    }
  }
}
