import { AndFilter, EqualityFilter, OrFilter } from "ldapts";
import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { comparisonKey } from "../directory/distinguishedName.ts";
import { sidText } from "../directory/identifiers.ts";
import { guidOf } from "../directory/managedObject.ts";
import { UserError } from "../engine/userError.ts";
import type { ArrivalInputs, ArrivalOutputs } from "./schema.ts";

/** What one look into the domain found: everything, or what is still missing, in words. */
export type Look = { outputs: ArrivalOutputs; missing: [] } | { outputs: undefined; missing: string[] };

const ATTRIBUTES = ["sAMAccountName", "objectGUID", "objectSid"];

/** Looks once for everything that is waited for. */
export async function look(directory: Directory, { users, groups }: ArrivalInputs): Promise<Look> {
  const missing: string[] = [];
  const principals = [...users.map(({ userPrincipalName }) => userPrincipalName), ...groups.flatMap((g) => g.members)];
  const found = await findUsers(directory, principals);
  const arrivedUsers = users.flatMap(({ userPrincipalName }) => {
    const entry = found.get(userPrincipalName.toLowerCase());
    if (entry === undefined) missing.push(userPrincipalName);
    return entry === undefined ? [] : [{ userPrincipalName, ...arrived(directory, entry) }];
  });
  const arrivedGroups: ArrivalOutputs["groups"] = [];
  for (const { name, members } of groups) {
    const entry = await findGroup(directory, name);
    if (entry === undefined) {
      missing.push(`group ${name}`);
      continue;
    }
    const present = new Set((await directory.values(entry.name, "member")).map(comparisonKey));
    for (const member of members) {
      const user = found.get(member.toLowerCase());
      if (user === undefined || !present.has(comparisonKey(user.name))) missing.push(`${member} in group ${name}`);
    }
    arrivedGroups.push({ name, members, ...arrived(directory, entry) });
  }
  if (missing.length > 0) return { outputs: undefined, missing };
  return { outputs: { users: arrivedUsers, groups: arrivedGroups }, missing: [] };
}

/** Names in one search: far below what a controller accepts. */
const NAMES_PER_SEARCH = 200;

async function findUsers(directory: Directory, names: readonly string[]): Promise<Map<string, DirectoryEntry>> {
  const distinct = [...new Set(names.map((name) => name.toLowerCase()))];
  const found = new Map<string, DirectoryEntry>();
  for (let start = 0; start < distinct.length; start += NAMES_PER_SEARCH) {
    const filters = distinct
      .slice(start, start + NAMES_PER_SEARCH)
      .map((value) => new EqualityFilter({ attribute: "userPrincipalName", value }));
    const entries = await directory.search({
      filter: new OrFilter({ filters }),
      attributes: [...ATTRIBUTES, "userPrincipalName"],
    });
    for (const entry of entries) found.set(entry.text("userPrincipalName")?.toLowerCase() ?? "", entry);
  }
  return found;
}

/** The account name is made up by the domain when it is taken; the display name is not. */
async function findGroup(directory: Directory, name: string): Promise<DirectoryEntry | undefined> {
  const named = ["sAMAccountName", "displayName"].map((attribute) => new EqualityFilter({ attribute, value: name }));
  const filter = new AndFilter({
    filters: [new EqualityFilter({ attribute: "objectClass", value: "group" }), new OrFilter({ filters: named })],
  });
  const [one, ...others] = await directory.search({ filter, attributes: ATTRIBUTES });
  if (one === undefined || others.length === 0) return one;
  throw new UserError("ENTRA_ARRIVAL_AMBIGUOUS", {
    what: `Group ${name} in the managed domain`,
    why: `${others.length + 1} groups have that name: ${[one, ...others].map((group) => group.name).join("; ")}`,
    next: "Give the group another name in the settings, or remove the others in Entra ID.",
  });
}

function arrived(directory: Directory, entry: DirectoryEntry) {
  const accountName = entry.text("sAMAccountName") ?? "";
  const sid = entry.bytes("objectSid");
  return {
    accountName,
    qualifiedName: `${directory.netbiosName}\\${accountName}`,
    distinguishedName: entry.name,
    objectGuid: guidOf(entry),
    objectSid: sid === undefined ? "" : sidText(sid),
  };
}
