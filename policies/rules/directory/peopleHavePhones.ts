import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { at, elements, UNKNOWN } from "../../values.ts";
import { readinessMemberships } from "./groups.ts";

/** Why somebody cannot use MFA, in words; the keys are those of Membership's output `unready`. */
const reasonTexts: Record<string, string> = {
  noMobile: "has no mobile number",
  unreadableMobile: "has a mobile number that is no telephone number",
  mobileWithExtension: "has a mobile number with an extension",
  disabled: "has a disabled account",
  expired: "has an expired account",
  noUserPrincipalName: "has no user principal name",
};

export const peopleHavePhones: StackRule = {
  kind: "stack",
  id: "MFA-DIR-002",
  family: "directory",
  title: "Everybody who needs MFA has a mobile number in Active Directory.",
  prerequisite: "Make sure all users that need to use MFA have a Mobile phone number listed in AD.",
  step: "Prerequisites",
  rationale: "Somebody imported without a number stays disabled in the product, even when the number comes later.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const memberships = readinessMemberships(stack);
    if (memberships.length === 0) {
      return [
        violation(
          undefined,
          "nothing in this stack checks the people of MFA",
          "set checkReadiness on the Membership of MFA Users; the Directory component does",
        ),
      ];
    }
    return memberships.flatMap(({ urn, properties }) => {
      const unready = at(properties, "unready");
      if (!Array.isArray(unready)) return [cannotTell(urn, "who has a mobile number")];
      return unready.map((person) => {
        if (person === UNKNOWN) return cannotTell(urn, "who has a mobile number");
        const reasons = elements(at(person, "reasons")).map((reason) => reasonTexts[String(reason)] ?? String(reason));
        const name = String(at(person, "name"));
        return violation(
          urn,
          `${name} ${reasons.join(", ")}`,
          `in Active Directory set the attribute mobile of ${String(at(person, "distinguishedName") ?? name)} (+49 151 23456789) or take ${name} out of the group`,
        );
      });
    });
  },
};
