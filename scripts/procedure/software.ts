import type { Chapter } from "./step.ts";

const portalStep = (number: string, what: string) => ({ number, what, class: "manual" as const, manual: "download" });

export const software: Chapter = {
  title: "Get the MFA Server Software",
  steps: [
    portalStep("1", "Log in to the portal"),
    portalStep("2", "Open Azure AD"),
    portalStep("3", "Wait for the Azure AD instance"),
    portalStep("4", "Open Configure"),
    portalStep("5", "Manage the service's settings"),
    portalStep("6", "Go to the portal of the service"),
    portalStep("7", "Open Downloads"),
    { ...portalStep("8", "Generate activation credentials"), rules: ["MFA-LIFE-003"] },
    { ...portalStep("9", "Download the set-up program; its SHA-256 is recorded and checked"), rules: ["MFA-WORK-003"] },
  ],
};
