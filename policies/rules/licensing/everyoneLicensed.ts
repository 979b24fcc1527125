import { z } from "zod";
import { deployGuide, procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { UNKNOWN } from "../../values.ts";
import { allOf, readinessMemberships } from "../directory/groups.ts";

interface Config {
  licences?: number;
}

const count =
  "count them in the Microsoft 365 admin center (Billing > Licenses) and write the number into policies/config.json: rules.MFA-LIC-001.licences";

export const everyoneLicensed: StackRule<Config> = {
  kind: "stack",
  id: "MFA-LIC-001",
  family: "licensing",
  title: "There is an Azure AD Premium licence for each user of MFA.",
  prerequisite: "You must own an Azure AD Premium license for each user that you wish to use with MFA Server.",
  step: "Prerequisites",
  rationale: "The service is part of that licence; people without one use it against the terms.",
  level: "mandatory",
  severity: "high",
  references: [procedure, deployGuide],
  configuration: z.strictObject({
    licences: z
      .int()
      .min(0)
      .optional()
      .describe("Licences that the tenant owns, as somebody counted them. Default: nobody did."),
  }),
  check(stack, { licences }) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const memberships = readinessMemberships(stack);
    const people = allOf(memberships, "people");
    const urn = memberships[0]?.urn;
    if (urn === undefined || people === UNKNOWN) return [cannotTell(urn, "how many people need a licence")];
    const needed = new Set(people).size;
    if (licences === undefined) {
      return [
        cannotTell(urn, `whether ${needed} people have a licence: licences are bought outside this program`, count),
      ];
    }
    if (licences >= needed) return [];
    return [
      violation(
        urn,
        `${needed} people need a licence and there are ${licences}`,
        `buy ${needed - licences} more (Azure AD Premium, or EM+S, which contains it), or take people out of the group; then ${count}`,
        { property: "people", value: needed },
      ),
    ];
  },
};
