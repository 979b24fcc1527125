import { EqualityFilter } from "ldapts";
import type { Directory, Modification } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { UserError } from "../engine/userError.ts";
import { leafOf, parentOf, sameName } from "./distinguishedName.ts";
import { guidText } from "./identifiers.ts";
import { OWNERSHIP_ATTRIBUTE, ownershipMark } from "./ownership.ts";

/** What groups, accounts and organizational units have in common: how the kit finds them, claims them, moves and changes them. */
export interface ObjectKind {
  /** For messages. */
  noun: "group" | "account" | "organizational unit";
  /** Structural class: the last value of objectClass. */
  objectClass: "group" | "user" | "organizationalUnit";
  /** `mfakit:directory:...`, for the import command in messages. */
  token: string;
  /** What the lifecycle reads of an object, beside what every kind needs. */
  attributes: readonly string[];
}

const COMMON_ATTRIBUTES = ["objectGUID", "objectClass", "description", OWNERSHIP_ATTRIBUTE];

/** The object with this objectGUID wherever it is now; `undefined` when it is gone. */
export async function readByGuid(
  directory: Directory,
  kind: ObjectKind,
  guid: string,
): Promise<DirectoryEntry | undefined> {
  return directory.read(`<GUID=${guid}>`, [...COMMON_ATTRIBUTES, ...kind.attributes]);
}

export async function readByName(
  directory: Directory,
  kind: ObjectKind,
  name: string,
): Promise<DirectoryEntry | undefined> {
  return directory.read(name, [...COMMON_ATTRIBUTES, ...kind.attributes]);
}

/** sAMAccountName is unique in a domain, so there is at most one. */
export async function findByAccountName(
  directory: Directory,
  kind: ObjectKind,
  accountName: string,
): Promise<DirectoryEntry | undefined> {
  const [found] = await directory.search({
    filter: new EqualityFilter({ attribute: "sAMAccountName", value: accountName }),
    attributes: [...COMMON_ATTRIBUTES, ...kind.attributes],
  });
  return found;
}

export function guidOf(entry: DirectoryEntry): string {
  const bytes = entry.bytes("objectGUID");
  if (bytes === undefined) throw new Error(`${entry.name} has no objectGUID that the account may read`);
  return guidText(bytes);
}

export interface Claim {
  urn: string;
  adopt: boolean;
  /** Distinguished name that the object is to have. */
  wanted: string;
}

/**
 * Decides about an object that is already there: `created` when this resource made it (an earlier run was interrupted before the
 * state was saved), `adopted` when the program takes it over.
 *
 * @throws UserError when it is of another kind, in another container, or somebody else's and `adopt` is false.
 */
export function claim(
  existing: DirectoryEntry,
  kind: ObjectKind,
  { urn, adopt, wanted }: Claim,
): "created" | "adopted" {
  const objectClass = existing.texts("objectClass").at(-1);
  if (objectClass?.toLowerCase() !== kind.objectClass.toLowerCase()) {
    throw new UserError("DIRECTORY_NAME_TAKEN", {
      what: `${wanted} cannot be created`,
      why: `the name belongs to ${existing.name}, which is a ${objectClass} and no ${kind.noun}`,
      next: "Choose another name",
    });
  }
  if (existing.text(OWNERSHIP_ATTRIBUTE) === ownershipMark(urn)) return "created";
  if (!adopt) {
    throw new UserError("DIRECTORY_EXISTS", {
      what: `the ${kind.noun} ${existing.name} exists already`,
      why: "this resource did not create it",
      next: `Set adopt: true to take it over (it is then kept on destroy), choose another name, or import it: pulumi import ${kind.token} NAME ${guidOf(existing)}`,
    });
  }
  const container = parentOf(existing.name);
  const wantedContainer = parentOf(wanted);
  if (container !== undefined && wantedContainer !== undefined && !sameName(container, wantedContainer)) {
    throw new UserError("DIRECTORY_ELSEWHERE", {
      what: `the ${kind.noun} ${existing.name} cannot be adopted`,
      why: `the program wants it in ${wantedContainer}, and adopting must not move what others rely on`,
      next: `Name its container, ${container}; to move it, change that afterwards`,
    });
  }
  return "adopted";
}

/** Single-valued attributes as they should be; `undefined` removes one. */
export type DesiredAttributes = Record<string, string | undefined>;

/** Only what differs. */
export function attributeChanges(entry: DirectoryEntry, desired: DesiredAttributes): Modification[] {
  return Object.entries(desired)
    .filter(([attribute, value]) => entry.text(attribute) !== value)
    .map(([attribute, value]) => ({ change: "replace", attribute, values: value === undefined ? [] : [value] }));
}

/** Renames and moves the object when it is elsewhere, or when its own name is spelled differently. */
export async function moveTo(directory: Directory, entry: DirectoryEntry, wanted: string): Promise<void> {
  if (!sameName(entry.name, wanted) || leafOf(entry.name) !== leafOf(wanted)) await directory.move(entry.name, wanted);
}

/** The object that an update is about. */
export async function requireByGuid(directory: Directory, kind: ObjectKind, guid: string): Promise<DirectoryEntry> {
  const entry = await readByGuid(directory, kind, guid);
  if (entry !== undefined) return entry;
  throw new UserError("DIRECTORY_GONE", {
    what: `the ${kind.noun} with the objectGUID ${guid} cannot be changed`,
    why: "it does not exist any more",
    next: "Run `pulumi up --refresh`: it is then created again",
  });
}

/**
 * CN and sAMAccountName both count as the name: the one that is not as declared shows. Case does not count.
 *
 * @param accountName the sAMAccountName that belongs to the declared name; default: the declared name itself.
 */
export function nameNow(entry: DirectoryEntry, declared: string | undefined, accountName = declared): string {
  const commonName = leafOf(entry.name) ?? entry.name;
  if (declared === undefined || accountName === undefined || !sameText(commonName, declared)) return commonName;
  const present = entry.text("sAMAccountName") ?? "";
  return sameText(present, accountName) ? declared : present;
}

function sameText(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
