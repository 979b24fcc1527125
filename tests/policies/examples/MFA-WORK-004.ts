import type { RuleExamples } from "./example.ts";
import { dsc, mfaServer, notKnownYet } from "./resources.ts";

const service = (properties: Record<string, unknown>) =>
  dsc("Service", "service", { Name: "MultiFactorAuth", State: "Running", StartupType: "Automatic", ...properties });

export const examples: RuleExamples = {
  passing: { title: "running", resources: [mfaServer, service({})] },
  failing: {
    title: "stopped",
    resources: [mfaServer, service({ State: "Stopped" })],
    says: "State of the service MultiFactorAuth is Stopped, not Running",
    where: "service",
  },
  unknown: {
    title: "a state that is not known yet",
    resources: [mfaServer, service({ State: notKnownYet })],
    says: "State of the service MultiFactorAuth",
    where: "service",
  },
  malformed: {
    title: "a number in place of the start",
    resources: [mfaServer, service({ StartupType: 2 })],
    says: "StartupType of the service MultiFactorAuth is 2, not Automatic",
    where: "service",
  },
};
