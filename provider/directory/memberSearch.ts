import { AndFilter, EqualityFilter, ExtensibleFilter, type Filter, OrFilter } from "ldapts";
import type { Directory } from "../connections/ldap.ts";
import type { DirectoryEntry } from "../connections/ldapEntry.ts";
import { designationOf, implicitAccountName, MemberIndex } from "./members.ts";
import { OWNERSHIP_ATTRIBUTE } from "./ownership.ts";

/** LDAP_MATCHING_RULE_IN_CHAIN: follows nested groups on the domain controller (MS-ADTS 3.1.1.3.4.4.3). */
const IN_CHAIN = "1.2.840.113556.1.4.1941";
/** Names in one search: far below the size of a filter that a controller accepts, enough to make searches few. */
const NAMES_PER_SEARCH = 200;

/** What is read of each member: enough to find it by any of its names, and to judge its readiness. */
export const MEMBER_ATTRIBUTES = [
  "objectGUID",
  "objectClass",
  "sAMAccountName",
  "userPrincipalName",
  "userAccountControl",
  "accountExpires",
  "mobile",
  OWNERSHIP_ATTRIBUTE,
];

/**
 * Looks the declared names up, hundreds in one search.
 *
 * @param group distinguished name of a group in which most of them probably are: when they are many, its members are read first,
 *   page by page, and only the others are looked up by name.
 */
export async function findMembers(
  directory: Directory,
  names: readonly string[],
  group?: string,
): Promise<MemberIndex> {
  const found: DirectoryEntry[] = [];
  let others = names;
  if (group !== undefined && names.length > NAMES_PER_SEARCH) {
    const filter = new EqualityFilter({ attribute: "memberOf", value: group });
    found.push(...(await directory.search({ filter, attributes: MEMBER_ATTRIBUTES })));
    const present = new MemberIndex(found, directory.domain);
    // Somebody outside may have a principal name that the directory would derive for a member.
    others = names.filter((name) => present.find(name, { implicit: false }) === undefined);
  }
  for (let start = 0; start < others.length; start += NAMES_PER_SEARCH) {
    const batch = others.slice(start, start + NAMES_PER_SEARCH);
    const filters = batch.flatMap((name) => filtersFor(name, directory.domain));
    found.push(...(await directory.search({ filter: new OrFilter({ filters }), attributes: MEMBER_ATTRIBUTES })));
  }
  return new MemberIndex(found, directory.domain);
}

function filtersFor(name: string, domain: string): Filter[] {
  const designation = designationOf(name);
  switch (designation.by) {
    case "objectGUID":
      return [new EqualityFilter({ attribute: "objectGUID", value: designation.bytes })];
    case "distinguishedName":
      return [new EqualityFilter({ attribute: "distinguishedName", value: designation.name })];
    case "userPrincipalName": {
      const implicit = implicitAccountName(designation.principal, domain);
      const explicit = new EqualityFilter({ attribute: "userPrincipalName", value: designation.principal });
      if (implicit === undefined) return [explicit];
      return [explicit, new EqualityFilter({ attribute: "sAMAccountName", value: implicit })];
    }
    case "sAMAccountName":
      return [new EqualityFilter({ attribute: "sAMAccountName", value: designation.accountName })];
  }
}

/**
 * The people in any of the groups, nested ones too. A person's primary group does not count: the directory does not list it.
 *
 * The rule that follows nested groups is asked about groups alone: a controller computes it anew for each candidate, which takes
 * minutes for fifty thousand people, while the members of one group are an index.
 */
export async function peopleIn(directory: Directory, groups: readonly string[]): Promise<DirectoryEntry[]> {
  if (groups.length === 0) return [];
  const nested = await directory.search({
    filter: new AndFilter({
      filters: [
        new EqualityFilter({ attribute: "objectCategory", value: "group" }),
        new OrFilter({
          filters: groups.map((value) => new ExtensibleFilter({ matchType: "memberOf", rule: IN_CHAIN, value })),
        }),
      ],
    }),
    attributes: ["objectClass"],
  });
  const all = [...new Set([...groups, ...nested.map((group) => group.name)])];
  const people: DirectoryEntry[] = [];
  for (let start = 0; start < all.length; start += NAMES_PER_SEARCH) {
    const batch = all.slice(start, start + NAMES_PER_SEARCH);
    const filters = [
      new EqualityFilter({ attribute: "objectCategory", value: "person" }),
      new EqualityFilter({ attribute: "objectClass", value: "user" }),
      new OrFilter({ filters: batch.map((value) => new EqualityFilter({ attribute: "memberOf", value })) }),
    ];
    people.push(...(await directory.search({ filter: new AndFilter({ filters }), attributes: MEMBER_ATTRIBUTES })));
  }
  return people;
}
