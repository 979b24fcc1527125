/**
 * What everybody who runs the kit has to know, shown at every run (mfa-server:mfaServer.activatedBefore2019 says that the tenant is one
 * of those that may still have a server).
 */
export const lifecycleWarning = [
  "Azure MFA Server is at the end of its life: Microsoft takes no new deployments since 1 July 2019 and announced the end of service for",
  "30 September 2024. This environment rebuilds or audits the server of a tenant that was activated before; whether the cloud side still",
  "answers that tenant cannot be promised. Plan the move to Microsoft Entra multifactor authentication.",
].join(" ");
