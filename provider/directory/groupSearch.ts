import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { UserError } from "../engine/userError.ts";
import { findMembers } from "./memberSearch.ts";
import { isGroup } from "./members.ts";

/** The group with this objectGUID, distinguished name or sAMAccountName. */
export async function findGroup(directory: Directory, text: string): Promise<DirectoryEntry | undefined> {
  const found = (await findMembers(directory, [text])).find(text);
  if (found === undefined || isGroup(found)) return found;
  throw new UserError("DIRECTORY_NOT_A_GROUP", {
    what: `${text} cannot have members`,
    why: `${found.name} is a ${found.texts("objectClass").at(-1)} and no group`,
    next: "Name a group",
  });
}

/** @throws UserError `DIRECTORY_GROUP_NOT_FOUND` */
export async function requireGroup(directory: Directory, text: string): Promise<DirectoryEntry> {
  const group = await findGroup(directory, text);
  if (group !== undefined) return group;
  throw new UserError("DIRECTORY_GROUP_NOT_FOUND", {
    what: `the members of ${text} cannot be changed`,
    why: "the directory has no such group",
    next: "Correct the name, create the group first, or run `pulumi up --refresh` when somebody deleted it",
  });
}
