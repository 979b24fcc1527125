import type { ParsedSettings } from "./schema.ts";

/** Addresses of the Azure clouds. */
const clouds = {
  public: {
    resourceManager: "https://management.azure.com",
    authority: "https://login.microsoftonline.com",
    graph: "https://graph.microsoft.com",
    keyVault: "https://vault.azure.net",
  },
  usGovernment: {
    resourceManager: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
    graph: "https://graph.microsoft.us",
    keyVault: "https://vault.usgovcloudapi.net",
  },
  china: {
    resourceManager: "https://management.chinacloudapi.cn",
    authority: "https://login.chinacloudapi.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    keyVault: "https://vault.azure.cn",
  },
} as const;

const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

/** Fills in every default that follows from another setting. */
export function completeSettings(parsed: ParsedSettings) {
  const { azure, network, host, domain, entra, publicEndpoint, certificate, mfaServer } = parsed;
  const { zone } = publicEndpoint;
  return {
    ...parsed,
    azure: {
      ...azure,
      /** Without a slash at the end. */
      resourceManagerEndpoint: withoutSlash(azure.resourceManagerEndpoint ?? clouds[azure.cloud].resourceManager),
      /** Without a slash at the end. */
      authorityHost: withoutSlash(azure.authorityHost ?? clouds[azure.cloud].authority),
      /** Without a slash at the end. */
      keyVaultAudience: withoutSlash(azure.keyVaultAudience ?? clouds[azure.cloud].keyVault),
    },
    network: {
      ...network,
      /** The network that the kit makes; undefined where one is there already. The rules between settings see to both parts. */
      own: network.existing
        ? undefined
        : { addressSpace: network.addressSpace as string, dnsServers: network.dnsServers as string[] },
    },
    host: {
      ...host,
      management: {
        ...host.management,
        address: host.management.address ?? host.privateIpAddress,
        user: host.management.user ?? host.adminUsername,
      },
    },
    entra: {
      ...entra,
      /** Without a slash at the end. */
      graphEndpoint: withoutSlash(entra.graphEndpoint ?? clouds[azure.cloud].graph),
      userDomain: entra.userDomain ?? domain.name,
    },
    publicEndpoint: {
      ...publicEndpoint,
      caaTtl: publicEndpoint.caaTtl ?? publicEndpoint.ttl,
      zone: {
        ...zone,
        subscriptionId: zone.subscriptionId ?? azure.subscriptionId,
        delegatedFrom: zone.delegatedFrom && {
          ...zone.delegatedFrom,
          subscriptionId: zone.delegatedFrom.subscriptionId ?? azure.subscriptionId,
        },
      },
    },
    certificate: {
      ...certificate,
      /** Undefined for a provided certificate: no public authority shall issue for the name, nor is one forbidden to. */
      caaIssuer: certificate.caaIssuer ?? (certificate.source === "acme" ? "letsencrypt.org" : undefined),
      keyVault: certificate.keyVault && {
        ...certificate.keyVault,
        certificateName: certificate.keyVault.certificateName ?? publicEndpoint.hostName.replaceAll(".", "-"),
        deployer:
          certificate.keyVault.deployer ?? (azure.clientId === undefined ? ("user" as const) : "servicePrincipal"),
      },
    },
    mfaServer: {
      ...mfaServer,
      /** Undefined with profile v8. */
      mobileAppWebService:
        mfaServer.profile === "v8"
          ? undefined
          : (mfaServer.mobileAppWebService ?? {
              applicationName: "MultiFactorAuthMobileAppWebService",
              encrypt: false,
            }),
    },
    tags: Object.fromEntries(Object.entries(parsed.tags).map(([name, value]) => [name, String(value)])),
  };
}

/** Checked settings of one environment, all defaults filled in. */
export type Settings = ReturnType<typeof completeSettings>;
