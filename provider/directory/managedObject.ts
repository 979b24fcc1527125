import { EqualityFilter } from "ldapts";
import type { AttributeValues, Directory, Modification } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { DirectoryError, LDAP_RESULT } from "../connections/ldapErrors.ts";
import { UserError } from "../engine/userError.ts";
import { leafOf, parentOf, sameName } from "./distinguishedName.ts";
import { guidText } from "./identifiers.ts";
import { isMarked, OWNERSHIP_ATTRIBUTE, ownershipMark } from "./ownership.ts";

/** What the kit needs to know of a kind of object to find it, to claim it, to move and to change it. */
export interface ObjectKind {
  /** For messages. */
  noun: "group" | "account" | "organizational unit";
  /** Structural class: the last value of objectClass. */
  objectClass: "group" | "user" | "organizationalUnit";
  /** For the import command in messages. */
  token: `mfakit:directory:${string}`;
  /** What is read of an object, beside what every kind needs. */
  attributes: readonly string[];
  /** Throws when an object of this kind cannot be taken over whatever the program says. */
  refuse?(existing: DirectoryEntry): void;
}

/** What a program wants an object to be called. */
export interface Designated {
  /** sAMAccountName, for kinds that have one. */
  accountName?: string;
  /** Distinguished name; `undefined` in a preview in which the container does not exist yet. */
  name: string | undefined;
}

/** Who takes an existing object over, and whether the program allows it. */
export interface Claimant {
  urn: string;
  adopt: boolean;
}

const COMMON_ATTRIBUTES = ["objectGUID", "objectClass", OWNERSHIP_ATTRIBUTE];

/** The object with this objectGUID wherever it is now; `undefined` when it is gone. */
export function readByGuid(directory: Directory, kind: ObjectKind, guid: string): Promise<DirectoryEntry | undefined> {
  return directory.read(`<GUID=${guid}>`, [...COMMON_ATTRIBUTES, ...kind.attributes]);
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

/** The object that already has the wanted names: by sAMAccountName, which is unique in the domain, or else by distinguished name. */
export async function find(
  directory: Directory,
  kind: ObjectKind,
  { accountName, name }: Designated,
): Promise<DirectoryEntry | undefined> {
  const attributes = [...COMMON_ATTRIBUTES, ...kind.attributes];
  if (accountName !== undefined) {
    const filter = new EqualityFilter({ attribute: "sAMAccountName", value: accountName });
    const [found] = await directory.search({ filter, attributes });
    if (found !== undefined) return found;
  }
  return name === undefined ? undefined : directory.read(name, attributes);
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
  { name = existing.name }: Designated,
  { urn, adopt }: Claimant,
): "created" | "adopted" {
  const objectClass = existing.texts("objectClass").at(-1);
  if (objectClass !== kind.objectClass) {
    throw new UserError("DIRECTORY_NAME_TAKEN", {
      what: `${name} cannot be created`,
      why: `the name belongs to ${existing.name}, which is a ${objectClass} and no ${kind.noun}`,
      next: "Choose another name",
    });
  }
  kind.refuse?.(existing);
  if (existing.text(OWNERSHIP_ATTRIBUTE) === ownershipMark(urn)) return "created";
  if (!adopt) {
    throw new UserError("DIRECTORY_EXISTS", {
      what: `the ${kind.noun} ${existing.name} exists already`,
      why: "this resource did not create it",
      next: `Set adopt: true to take it over (it is then kept on destroy), choose another name, or import it: pulumi import ${kind.token} NAME ${guidOf(existing)}`,
    });
  }
  const container = parentOf(existing.name) ?? "";
  const wantedContainer = parentOf(name) ?? "";
  if (!sameName(container, wantedContainer)) {
    throw new UserError("DIRECTORY_ELSEWHERE", {
      what: `the ${kind.noun} ${existing.name} cannot be adopted`,
      why: `the program wants it in ${wantedContainer}, and adopting must not move what others rely on`,
      next: `Name its container, ${container}; to move it, change that afterwards`,
    });
  }
  return "adopted";
}

/**
 * The object to work on: the existing one when the program may have it, or else a new one with these attributes, signed as the
 * kit's.
 */
export async function obtain(
  directory: Directory,
  kind: ObjectKind,
  wanted: Designated & { name: string },
  claimant: Claimant,
  attributes: AttributeValues,
): Promise<{ entry: DirectoryEntry; adopted: boolean; isNew: boolean }> {
  const taken = async () => {
    const entry = await find(directory, kind, wanted);
    if (entry === undefined) return undefined;
    return { entry, adopted: claim(entry, kind, wanted, claimant) === "adopted", isNew: false };
  };
  const existing = await taken();
  if (existing !== undefined) return existing;
  const signature = { [OWNERSHIP_ATTRIBUTE]: ownershipMark(claimant.urn) };
  try {
    await directory.add(wanted.name, { objectClass: kind.objectClass, ...attributes, ...signature });
  } catch (error) {
    // Somebody made it between looking and creating: it is then judged like any that was there before.
    if (!(error instanceof DirectoryError) || error.resultCode !== LDAP_RESULT.alreadyExists) throw error;
    const overtaken = await taken();
    if (overtaken === undefined) throw error;
    return overtaken;
  }
  const entry = await find(directory, kind, { name: wanted.name });
  if (entry === undefined) throw new Error(`${wanted.name} was created but cannot be read`);
  return { entry, adopted: false, isNew: true };
}

/**
 * Deletes what the kit created; what it adopted stays, and what is gone is gone.
 *
 * @param refuse throws when what the object holds forbids it.
 */
export async function removeOwn(
  directory: Directory,
  kind: ObjectKind,
  guid: string,
  refuse: (entry: DirectoryEntry) => Promise<void> = async () => {},
): Promise<void> {
  const entry = await readByGuid(directory, kind, guid);
  if (entry === undefined) return;
  await refuse(entry);
  await directory.remove(entry.name);
}

/** Whether an imported object is to be kept on destroy: it was there before, unless the kit signed it. */
export function isAdopted(entry: DirectoryEntry): boolean {
  return !isMarked(entry.text(OWNERSHIP_ATTRIBUTE));
}

export function guidOf(entry: DirectoryEntry): string {
  const bytes = entry.bytes("objectGUID");
  if (bytes === undefined) throw new Error(`${entry.name} has no objectGUID that the account may read`);
  return guidText(bytes);
}

/** Changes to single-valued attributes, only where they differ; `undefined` removes one. */
export function attributeChanges(entry: DirectoryEntry, wanted: Record<string, string | undefined>): Modification[] {
  return Object.entries(wanted)
    .filter(([attribute, value]) => entry.text(attribute) !== value)
    .map(([attribute, value]) => ({ change: "replace", attribute, values: value === undefined ? [] : [value] }));
}

/** Renames and moves the object when it is elsewhere, or when its own name is spelled differently. */
export async function moveTo(directory: Directory, entry: DirectoryEntry, name: string): Promise<void> {
  if (!sameName(entry.name, name) || leafOf(entry.name) !== leafOf(name)) await directory.move(entry.name, name);
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
