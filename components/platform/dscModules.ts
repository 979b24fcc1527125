import { moduleVersions } from "../../provider/dsc/generated/moduleVersions.ts";

/** The PowerShell modules whose DSC resources the components declare, each pinned to the version whose contract the kit knows. */
const moduleNames = [
  "CertificateDsc",
  "NetworkingDsc",
  "PSDscResources",
  "SecurityPolicyDsc",
  "WebAdministrationDsc",
  "xPSDesiredStateConfiguration",
] as const;

/** One module for `install-dsc-modules`. */
export interface DscModule {
  name: string;
  version: string;
}

export const dscModules: readonly DscModule[] = moduleNames.map((name) => ({ name, version: moduleVersions[name] }));
