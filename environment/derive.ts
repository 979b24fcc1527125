import type { Settings } from "./complete.ts";
import { baseDistinguishedName } from "./distinguishedName.ts";

/** Names and addresses that follow from the settings, so that the program, the command line and the policies spell them alike. */
export function deriveNames(settings: Settings) {
  const { domain, directory, host, publicEndpoint, mfaServer } = settings;
  const { hostName, zone } = publicEndpoint;
  const siteUrl = `https://${hostName}`;
  return {
    /** Distinguished name of the domain. */
    baseDn: baseDistinguishedName(domain.name),
    /** ARM id of the public zone. */
    dnsZoneId: `/subscriptions/${zone.subscriptionId}/resourceGroups/${zone.resourceGroup}/providers/Microsoft.Network/dnsZones/${zone.name}`,
    /** Name of the record in the zone, `@` for the zone's own name. */
    recordName: hostName.length === zone.name.length ? "@" : hostName.slice(0, -zone.name.length - 1),
    /** Name of the host in the Active Directory domain. */
    hostFqdn: `${host.computerName}.${domain.name}`,
    /** sAMAccountName of the host's computer object. */
    computerAccount: `${host.computerName}$`,
    /** `CORP\MfaWebService`, as web.config wants it. */
    serviceAccountName: `${domain.netbiosName}\\${directory.serviceAccount.name}`,
    siteUrl,
    userPortalUrl: `${siteUrl}/${mfaServer.userPortal.applicationName}/`,
    webServiceSdkUrl: `${siteUrl}/${mfaServer.webServiceSdk.applicationName}/PfWsSdk.asmx`,
    /** Undefined with profile v8. */
    mobileAppWebServiceUrl:
      mfaServer.mobileAppWebService && `${siteUrl}/${mfaServer.mobileAppWebService.applicationName}/PfPaWs.asmx`,
  };
}
