import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type ResourceRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";
import { directoryUser } from "./groups.ts";

export const accountsUsable: ResourceRule = {
  kind: "resource",
  id: "MFA-DIR-004",
  family: "directory",
  title: "Service accounts are enabled, and their passwords do not run out unnoticed.",
  prerequisite: 'Create a user account in AD named "MfaWebService".',
  step: "Install Web Portal, step 9",
  rationale:
    "With an account that is disabled or whose password ran out, the web services stop without a change by anybody.",
  level: "mandatory",
  severity: "medium",
  references: [procedure],
  types: [directoryUser],
  check({ urn, name, properties }) {
    const enabled = at(properties, "enabled");
    const never = at(properties, "passwordNeverExpires");
    const rotated = at(properties, "rotationTrigger");
    const findings: Finding[] = [];
    if (enabled === UNKNOWN || enabled === undefined) {
      findings.push(cannotTell(urn, `whether ${name} is enabled`, undefined, "enabled"));
    } else if (enabled !== true) {
      findings.push(
        violation(urn, `${name} is not enabled (${String(enabled)})`, "set enabled: true on the User", {
          property: "enabled",
          value: enabled,
        }),
      );
    }
    if (never === UNKNOWN || never === undefined) {
      findings.push(cannotTell(urn, `whether the password of ${name} runs out`, undefined, "passwordNeverExpires"));
    } else if (never !== true && rotated === undefined) {
      findings.push(
        violation(
          urn,
          `the password of ${name} runs out and nothing renews it`,
          "set passwordNeverExpires: true, or a rotationTrigger that changes more often than the domain's maximum password age",
          { property: "passwordNeverExpires", value: never },
        ),
      );
    }
    return findings;
  },
};
