import type { EnvironmentSettings } from "./load.ts";

/** The secrets that connections need; `S` is `string` for the CLI and an output for the program. */
export interface ConnectionSecrets<S> {
  directoryPassword: S;
  azureClientSecret?: S;
  acmeAccountKey?: S;
  acmeFormerAccountKey?: S;
  acmeExternalAccountKey?: S;
  dnsUpdateKey?: S;
  managementPrivateKey: S;
}

/** How the kit reaches the domain, Azure, the certificate authority and the host, from one environment's settings. */
export function connectionsOf<S>(settings: EnvironmentSettings, secrets: ConnectionSecrets<S>) {
  const { azure, entra, domain, directory, certificate, publicEndpoint, host } = settings;
  return {
    directory: {
      domain: domain.name,
      netbiosName: domain.netbiosName,
      domainControllers: directory.domainControllers,
      dnsServers: directory.dnsServers,
      bindUser: directory.bindUser,
      bindPassword: secrets.directoryPassword,
      caCertificates: directory.caCertificates,
    },
    azure: {
      resourceManagerEndpoint: azure.resourceManagerEndpoint,
      authorityHost: azure.authorityHost,
      graphEndpoint: entra.graphEndpoint,
      keyVaultAudience: azure.keyVaultAudience,
      tenantId: azure.tenantId,
      subscriptionId: azure.subscriptionId,
      clientId: azure.clientId,
      clientSecret: secrets.azureClientSecret,
      caCertificates: azure.caCertificates,
    },
    acme: {
      directoryUrl: certificate.directoryUrl,
      contactEmail: certificate.contactEmail,
      accountKeyPem: secrets.acmeAccountKey,
      formerAccountKeyPem: secrets.acmeFormerAccountKey,
      externalAccountKeyId: certificate.externalAccountKeyId,
      externalAccountKey: secrets.acmeExternalAccountKey,
      caCertificates: certificate.caCertificates,
      dnsServers: publicEndpoint.dnsServers,
      dnsUpdate: certificate.dnsUpdate &&
        secrets.dnsUpdateKey && { ...certificate.dnsUpdate, key: secrets.dnsUpdateKey },
    },
    host: {
      address: host.management.address,
      port: host.management.port,
      user: host.management.user,
      hostKey: host.management.hostKey,
      privateKey: secrets.managementPrivateKey,
    },
  };
}
