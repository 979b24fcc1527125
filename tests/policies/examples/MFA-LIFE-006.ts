import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, pulumiStack, resource } from "./resources.ts";

const mobileApp = resource("mfa:workload:MobileAppWebService", "mobile-app");

export const examples: RuleExamples = {
  passing: { title: "version 7 with the service", resources: [mfaServer, mobileApp, pulumiStack({ profile: "v7" })] },
  failing: {
    title: "version 8 with the service",
    resources: [mfaServer, mobileApp, pulumiStack({ profile: "v8" })],
    says: "the Mobile App Web Service is installed beside version 8",
    where: "mfa-server-dev",
  },
  unknown: {
    title: "a profile that is not known yet",
    resources: [mfaServer, mobileApp, pulumiStack({ profile: notKnownYet })],
    says: "which version line of the product this is",
    where: "mfa-server-dev",
  },
  malformed: {
    title: "a number in place of the profile",
    resources: [mfaServer, mobileApp, pulumiStack({ profile: 7 })],
    says: "profile is 7, neither v7 nor v8",
    where: "mfa-server-dev",
  },
};
