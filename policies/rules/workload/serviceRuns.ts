import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { lower, UNKNOWN } from "../../values.ts";
import { dscProperty, dscResources } from "../web-server/dscResources.ts";

const mfaServer = "mfa:workload:MfaServer";
const serviceName = "MultiFactorAuth";
const mend = "run pulumi up: the MfaServer component starts the service and lets Windows start it";

export const serviceRuns: StackRule = {
  kind: "stack",
  id: "MFA-WORK-004",
  family: "workload",
  title: "The product's service runs, and starts with Windows.",
  prerequisite: "It will be used as the MFA Server.",
  step: "Prerequisites",
  rationale: "After a patch night nobody gets in until somebody starts it by hand.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    if (!stack.types.has(mfaServer)) return { notApplicable: "no MFA server in this stack" };
    const services = dscResources(stack, "Service", "xService");
    const own = services.find((each) => lower(dscProperty(each, "Name")) === serviceName.toLowerCase());
    if (own === undefined) {
      const unread = services.find((each) => dscProperty(each, "Name") === UNKNOWN);
      return [
        unread === undefined
          ? violation(undefined, `nothing keeps the service ${serviceName} running`, mend)
          : cannotTell(unread.urn, `whether the service ${serviceName} is kept running`, undefined, "properties.Name"),
      ];
    }
    return Object.entries({ State: "Running", StartupType: "Automatic" }).flatMap(([name, wanted]) => {
      const property = `properties.${name}`;
      const value = dscProperty(own, name);
      if (value === UNKNOWN) return [cannotTell(own.urn, `${name} of the service ${serviceName}`, undefined, property)];
      if (lower(value) === wanted.toLowerCase()) return [];
      const what = `${name} of the service ${serviceName} is ${String(value ?? "not set")}, not ${wanted}`;
      return [violation(own.urn, what, mend, { property, value })];
    });
  },
};
