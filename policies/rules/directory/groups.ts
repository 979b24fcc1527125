import type { Stack, StackResource } from "../../stack.ts";
import { at, elements, lower, UNKNOWN, type Value } from "../../values.ts";

export const directoryGroup = "mfakit:directory:Group";
export const directoryMembership = "mfakit:directory:Membership";
export const directoryUser = "mfakit:directory:User";
export const entraArrival = "mfakit:entra:Arrival";

/** The groups of this name; Active Directory does not tell upper from lower case. */
export function groupsNamed(stack: Stack, name: string): StackResource[] {
  return stack.ofType(directoryGroup).filter(({ properties }) => lower(at(properties, "name")) === name.toLowerCase());
}

/** The memberships of a group, by what names it or, in a preview, by where that value comes from. */
export function membershipsOf(stack: Stack, group: StackResource): StackResource[] {
  const names = ["objectGuid", "distinguishedName", "name"].map((name) => lower(at(group.properties, name)));
  return stack.ofType(directoryMembership).filter((membership) => {
    const reference = lower(at(membership.properties, "group"));
    if (reference !== undefined && names.includes(reference)) return true;
    return membership.sources.group?.includes(group.urn) ?? false;
  });
}

/** The members that arrived with a group in a managed domain, whose groups come from Entra ID; `undefined` where there is no such group. */
export function arrivedMembers(stack: Stack, name: string): Value[] | typeof UNKNOWN | undefined {
  const lists = stack.ofType(entraArrival).map(({ properties }) => at(properties, "groups"));
  if (lists.includes(UNKNOWN)) return UNKNOWN;
  const group = lists.flatMap(elements).find((each) => lower(at(each, "name")) === name.toLowerCase());
  return group === undefined ? undefined : elements(at(group, "members"));
}

/** The memberships that report who is ready for multi-factor authentication: those of the people's group. */
export function readinessMemberships(stack: Stack): StackResource[] {
  return stack.ofType(directoryMembership).filter(({ properties }) => at(properties, "checkReadiness") === true);
}

/** A list property of several resources as one list; `UNKNOWN` when one of them is not known. */
export function allOf(resources: readonly StackResource[], property: string): Value[] | typeof UNKNOWN {
  const lists = resources.map(({ properties }) => at(properties, property));
  return lists.includes(UNKNOWN) ? UNKNOWN : lists.flatMap(elements);
}

/** The account's own name out of `DOMAIN\name`, `name@domain` or `name`, in lower case. */
export function accountName(text: string): string {
  return (text.split("\\").at(-1) ?? text).replace(/@.*$/, "").toLowerCase();
}

/** True when a member, spelled in any way that a Membership takes, is this account. */
export function isMember(members: readonly Value[], account: { name: string; user?: StackResource }): boolean {
  const spellings = ["objectGuid", "distinguishedName", "userPrincipalName"].map((name) =>
    lower(account.user && at(account.user.properties, name)),
  );
  return members.some((member) => {
    if (typeof member !== "string") return false;
    return accountName(member) === account.name.toLowerCase() || spellings.includes(member.toLowerCase());
  });
}
