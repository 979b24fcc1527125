import { z } from "zod";
import { microsoft } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import type { Stack, StackResource } from "../../stack.ts";
import { at, elements, lower, UNKNOWN } from "../../values.ts";
import { directoryMembership, directoryUser, groupsNamed, isMember, membershipsOf } from "./groups.ts";

interface Config {
  privilegedGroups: string[];
}

export const accountsUnprivileged: StackRule<Config> = {
  kind: "stack",
  id: "MFA-DIR-005",
  family: "directory",
  title: "Service accounts are in no privileged group, nor among the people.",
  prerequisite: "Add the account to the “PhoneFactor Admins” security group: membership there is all it needs.",
  step: "Install Web Portal, step 9",
  rationale: "Its password lies in a web.config on a server that the Internet reaches, and no phone answers for it.",
  level: "mandatory",
  severity: "high",
  ...microsoft("PA-7", "Follow just enough administration (least privilege) principle"),
  configuration: z.strictObject({
    privilegedGroups: z
      .array(z.string())
      .default([
        "Domain Admins",
        "Enterprise Admins",
        "Schema Admins",
        "Administrators",
        "Account Operators",
        "Backup Operators",
      ])
      .describe("Names of groups that no service account may be in."),
  }),
  check(stack, { privilegedGroups }) {
    const accounts = stack.ofType(directoryUser);
    if (accounts.length === 0) return { notApplicable: "no service account in this stack" };
    const declared = declaredNames(stack, privilegedGroups);
    return stack.ofType(directoryMembership).flatMap((membership) => {
      const people = at(membership.properties, "checkReadiness") === true;
      const group = people
        ? "the group of the people"
        : (declared.get(membership) ?? privilegedName(membership, privilegedGroups));
      if (group === undefined) return [];
      return judge(membership, group, accounts);
    });
  },
};

/** The memberships of privileged groups that the stack itself has, with the name of the group. */
function declaredNames(stack: Stack, names: readonly string[]): Map<StackResource, string> {
  const pairs = names.flatMap((name) =>
    groupsNamed(stack, name)
      .flatMap((group) => membershipsOf(stack, group))
      .map((membership): [StackResource, string] => [membership, name]),
  );
  return new Map(pairs);
}

/** The privileged group that a membership's reference names; `UNKNOWN` when its group is not known. */
function privilegedName(membership: StackResource, names: readonly string[]): string | undefined | typeof UNKNOWN {
  const group = at(membership.properties, "group");
  if (group === UNKNOWN) return membership.sources.group === undefined ? UNKNOWN : undefined;
  const text = lower(group) ?? "";
  return names.find((name) => text === name.toLowerCase() || text.startsWith(`cn=${name.toLowerCase()},`));
}

function judge(
  membership: StackResource,
  group: string | typeof UNKNOWN,
  accounts: readonly StackResource[],
): Finding[] {
  const { urn, properties } = membership;
  const members = at(properties, "members");
  if (group === UNKNOWN) return [cannotTell(urn, `which group ${membership.name} is of`, undefined, "group")];
  if (members === UNKNOWN) return [cannotTell(urn, `who is in ${group}`, undefined, "members")];
  const all = [...elements(members), ...elements(at(properties, "people"))];
  return accounts.flatMap((user): Finding[] => {
    const name = at(user.properties, "name");
    if (typeof name !== "string")
      return [cannotTell(user.urn, `whether ${user.name} is in ${group}`, undefined, "name")];
    if (!isMember(all, { name, user })) return [];
    const mend = `take ${name} out of ${group}; it needs to be in PhoneFactor Admins alone`;
    return [violation(urn, `${name} is in ${group}`, mend, { property: "members", value: name })];
  });
}
