import type { PolicyComplianceFramework } from "@pulumi/policy";
import type { Reference } from "./rule.ts";

/** The procedure that the kit automates. */
export const procedure: Reference = {
  title: "Setting Up Azure MFA Server (2016)",
  url: "https://robspitzer.wordpress.com/2016/12/01/setting-up-azure-mfa-server/",
};

/** Microsoft's guide to the product: requirements, versions, lifecycle. */
export const deployGuide: Reference = {
  title: "Microsoft: Getting started with the Azure Multi-Factor Authentication Server",
  url: "https://learn.microsoft.com/entra/identity/authentication/howto-mfaserver-deploy",
};

const cisName = "CIS Microsoft Azure Foundations Benchmark";
const cisVersion = "3.0.0";
const microsoftName = "Microsoft cloud security benchmark";

/** A recommendation of the CIS benchmark for Azure, version 3.0.0. */
export function cis(reference: string, specification: string): BenchmarkControl {
  return {
    framework: { name: cisName, version: cisVersion, reference, specification },
    references: [{ title: `${cisName} ${cisVersion}, ${reference}: ${specification}` }],
  };
}

/** A control of Microsoft's own benchmark, version 1. */
export function microsoft(reference: string, specification: string): BenchmarkControl {
  return {
    framework: { name: microsoftName, version: "1.0", reference, specification },
    references: [
      {
        title: `${microsoftName} ${reference}: ${specification}`,
        url: "https://learn.microsoft.com/security/benchmark/azure/overview",
      },
    ],
  };
}

interface BenchmarkControl {
  framework: PolicyComplianceFramework;
  references: Reference[];
}
