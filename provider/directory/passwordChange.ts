import type { Directory } from "../connections/ldap.ts";
import { UserError } from "../engine/userError.ts";
import { deniesPasswordChange, withPasswordChange } from "./passwordAcl.ts";

/** Whether the access list of the account lets it change its own password. */
export async function mayChangePassword(directory: Directory, name: string): Promise<boolean> {
  return !deniesPasswordChange(await requireAccessList(directory, name));
}

/** Writes the access list only when it says otherwise. */
export async function setPasswordChange(directory: Directory, name: string, allowed: boolean): Promise<void> {
  const descriptor = await requireAccessList(directory, name);
  if (deniesPasswordChange(descriptor) !== allowed) return;
  await directory.writeAccessList(name, withPasswordChange(descriptor, allowed));
}

async function requireAccessList(directory: Directory, name: string): Promise<Buffer> {
  const descriptor = await directory.readAccessList(name);
  if (descriptor !== undefined) return descriptor;
  throw new UserError("DIRECTORY_ACCESS_LIST_HIDDEN", {
    what: `cannotChangePassword of ${name} cannot be looked at`,
    why: "the account of directory.bindUser may not read the access list of this object",
    next: "Grant it Read permissions and Modify permissions on the unit, or leave cannotChangePassword out",
  });
}
