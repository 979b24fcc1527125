import { EqualityFilter } from "ldapts";
import type { Directory } from "../connections/ldap.ts";
import { sameName } from "./distinguishedName.ts";
import { findMembers } from "./memberSearch.ts";

const QUOTA = "ms-DS-MachineAccountQuota";
/** Where computers go that are created without naming a place (GUID_COMPUTERS_CONTAINER_W, MS-ADTS 6.1.1.4). */
const COMPUTERS_CONTAINER = "aa312825768811d1aded00c04fd8d5cd";

/** How many machine accounts an account may create that has no right to create any. */
export interface MachineAccountQuota {
  allowed: number;
  /** Computers of which the directory says that this account created them. */
  used: number;
}

/**
 * The domain's quota for an account without the right to create computers; `undefined` in every container but the domain's default
 * one: elsewhere only the right counts. Whether the account also holds the user right to add workstations to the domain, which the
 * quota wants too, no directory tells.
 *
 * @param user `DOMAIN\name` or `name@domain`
 */
export async function machineAccountQuota(
  directory: Directory,
  container: string,
  user: string,
): Promise<MachineAccountQuota | undefined> {
  const domain = await directory.read(directory.baseDn, [QUOTA, "wellKnownObjects"]);
  const [place] = (domain?.texts("wellKnownObjects") ?? []).flatMap((value) => wellKnown(value, COMPUTERS_CONTAINER));
  if (place === undefined || !sameName(place, container)) return undefined;
  const allowed = Number(domain?.text(QUOTA) ?? "0");
  const name = user.slice(user.indexOf("\\") + 1);
  const account = (await findMembers(directory, [name])).find(name);
  const sid = account && (await directory.read(account.name, ["objectSid"]))?.bytes("objectSid");
  if (sid === undefined) return { allowed, used: 0 };
  const filter = new EqualityFilter({ attribute: "mS-DS-CreatorSID", value: sid });
  return { allowed, used: (await directory.search({ filter, attributes: ["cn"] })).length };
}

/** The distinguished name in a value such as `B:32:AA31...:CN=Computers,DC=corp` (MS-ADTS 3.1.1.2.2.2.3), when it has this GUID. */
function wellKnown(value: string, guid: string): string[] {
  const match = /^B:32:([0-9a-f]{32}):(.+)$/is.exec(value);
  return match?.[1]?.toLowerCase() === guid && match[2] !== undefined ? [match[2]] : [];
}
