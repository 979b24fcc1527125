import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack, type StackResource } from "../../stack.ts";
import { at, elements, lower, UNKNOWN } from "../../values.ts";
import { accountName, directoryUser } from "../directory/groups.ts";
import { dscProperty, dscResources } from "../web-server/dscResources.ts";

const userPortal = "mfa:workload:UserPortal";
const mend =
  "run pulumi up: the UserPortal component grants the right. Where a group policy sets it, add the account in that policy";

export const batchLogonRight: StackRule = {
  kind: "stack",
  id: "MFA-WORK-001",
  family: "workload",
  title: 'The portal\'s account may "Log on as a batch job".',
  prerequisite: 'Make sure the "PFUP_ServerName" account has been granted the "Log on as a batch job" right.',
  step: "Important Notes, 1",
  rationale: "Without it the portal's application pool stops and the portal answers 503.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const accounts = stack
      .ofType(directoryUser)
      .filter(({ properties }) => lower(at(properties, "name"))?.startsWith("pfup_"));
    const grants = dscResources(stack, "UserRightsAssignment").filter(
      (each) => dscProperty(each, "Policy") === "Log_on_as_a_batch_job" || dscProperty(each, "Policy") === UNKNOWN,
    );
    if (accounts.length === 0) {
      if (!stack.types.has(userPortal)) return { notApplicable: "no User Portal in this stack" };
      return [
        violation(
          undefined,
          "the portal has no account of its own (PFUP_<computer>)",
          "declare it by the Directory component",
        ),
      ];
    }
    return accounts.flatMap((account) => {
      const name = String(account.properties.name);
      const states = grants.map((grant) => holds(grant, account));
      if (states.includes(true)) return [];
      const open = grants[states.indexOf(UNKNOWN)];
      if (open !== undefined) return [cannotTell(open.urn, `whether ${name} holds the right`)];
      return [violation(grants[0]?.urn ?? account.urn, `${name} does not hold the right`, mend)];
    });
  },
};

function holds(grant: StackResource, account: StackResource): boolean | typeof UNKNOWN {
  const identities = dscProperty(grant, "Identity");
  if (identities === UNKNOWN || elements(identities).includes(UNKNOWN)) return UNKNOWN;
  const name = lower(at(account.properties, "name"));
  return elements(identities).some((identity) => typeof identity === "string" && accountName(identity) === name);
}
