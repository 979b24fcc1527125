import { certificateImport, pfxImport } from "./certificates.ts";
import { firewall } from "./firewall.ts";
import { msiPackage, packageResource } from "./package.ts";
import { pendingReboot } from "./pendingReboot.ts";
import { registry } from "./registry.ts";
import type { DscSemantics } from "./semantics.ts";
import { service } from "./service.ts";
import { sslSettings } from "./sslSettings.ts";
import { userRightsAssignment } from "./userRightsAssignment.ts";
import { webApplication } from "./webApplication.ts";
import { webAppPool } from "./webAppPool.ts";
import { webConfigProperty } from "./webConfigProperty.ts";
import { webConfigPropertyCollection } from "./webConfigPropertyCollection.ts";
import { webSite } from "./webSite.ts";
import { webVirtualDirectory } from "./webVirtualDirectory.ts";
import { windowsFeature } from "./windowsFeature.ts";

/** The DSC resources that the host simulates, `module/resource` in the modules' spelling. */
export const dscResources: Record<string, DscSemantics> = {
  "WebAdministrationDsc/SslSettings": sslSettings,
  "WebAdministrationDsc/WebApplication": webApplication,
  "WebAdministrationDsc/WebAppPool": webAppPool,
  "WebAdministrationDsc/WebConfigProperty": webConfigProperty,
  "WebAdministrationDsc/WebConfigPropertyCollection": webConfigPropertyCollection,
  "WebAdministrationDsc/WebSite": webSite,
  "WebAdministrationDsc/WebVirtualDirectory": webVirtualDirectory,
  "CertificateDsc/CertificateImport": certificateImport,
  "CertificateDsc/PfxImport": pfxImport,
  "SecurityPolicyDsc/UserRightsAssignment": userRightsAssignment,
  "NetworkingDsc/Firewall": firewall,
  "ComputerManagementDsc/PendingReboot": pendingReboot,
  "xPSDesiredStateConfiguration/xMsiPackage": msiPackage,
  "xPSDesiredStateConfiguration/xPackage": packageResource,
  "xPSDesiredStateConfiguration/xRegistry": registry,
  "xPSDesiredStateConfiguration/xService": service,
  "xPSDesiredStateConfiguration/xWindowsFeature": windowsFeature,
  "PSDscResources/MsiPackage": msiPackage,
  "PSDscResources/Registry": registry,
  "PSDscResources/Service": service,
  "PSDscResources/WindowsFeature": windowsFeature,
};
