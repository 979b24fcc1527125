import { z } from "zod";
import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { UNKNOWN } from "../../values.ts";
import { allOf, directoryGroup, groupsNamed, membershipsOf, readinessMemberships } from "./groups.ts";

interface Config {
  /** Name of the group of the people. Default: the group whose Membership checks readiness. */
  groupName?: string;
}

const mend =
  "pulumi config set --path mfa-server:directory.mfaUsers.members[0] <sAMAccountName>, or add people to the group in Active Directory";

export const mfaUsersExist: StackRule<Config> = {
  kind: "stack",
  id: "MFA-DIR-001",
  family: "directory",
  title: 'The group "MFA Users" exists and has members.',
  prerequisite: 'Create a group called "MFA Users" in Active Directory and add the appropriate users to it.',
  step: "Prerequisites",
  rationale: "The product imports the members of this group; without one it has no users.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  configuration: z.strictObject({
    groupName: z
      .string()
      .optional()
      .describe("Name of the group of the people. Default: the group whose Membership checks readiness."),
  }),
  check(stack, { groupName }) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const named = groupName === undefined ? [] : groupsNamed(stack, groupName);
    const memberships =
      groupName === undefined ? readinessMemberships(stack) : named.flatMap((group) => membershipsOf(stack, group));
    if (memberships.length === 0) {
      const where = named[0] ?? stack.ofType(directoryGroup)[0];
      return [
        violation(
          where?.urn,
          groupName === undefined
            ? "no Membership of this stack answers for the people of MFA (checkReadiness)"
            : `the stack has no ${named.length === 0 ? `group ${groupName}` : `Membership of ${groupName}`}`,
          mend,
        ),
      ];
    }
    return memberships.flatMap((membership) => {
      const people = allOf([membership], "people");
      if (people === UNKNOWN) return [cannotTell(membership.urn, "who is in the group")];
      return people.length > 0 ? [] : [violation(membership.urn, "nobody is in the group", mend)];
    });
  },
};
