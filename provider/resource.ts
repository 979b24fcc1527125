import * as pulumi from "@pulumi/pulumi";

/** How to reach the Active Directory domain. LDAPS only. */
export interface DirectoryConnectionArgs {
  /** DNS name of the domain, for example `corp.contoso.com`. */
  domain: pulumi.Input<string>;
  /** NetBIOS name, for example `CORP`. */
  netbiosName: pulumi.Input<string>;
  /** `ldaps://host[:port]`, in order of preference. Default: those that the domain publishes in DNS (SRV). */
  domainControllers?: pulumi.Input<pulumi.Input<string>[]>;
  /** `address[:port]` of resolvers that know the domain. Default: the system's. */
  dnsServers?: pulumi.Input<pulumi.Input<string>[]>;
  /** UPN or distinguished name of the account that binds. */
  bindUser: pulumi.Input<string>;
  /** Secret. */
  bindPassword: pulumi.Input<string>;
  /** PEM of private CAs to trust beside the system's. */
  caCertificates?: pulumi.Input<string>;
}

/** How to reach Azure Resource Manager. */
export interface AzureConnectionArgs {
  /** For example `https://management.azure.com`. */
  resourceManagerEndpoint: pulumi.Input<string>;
  /** For example `https://login.microsoftonline.com`. */
  authorityHost: pulumi.Input<string>;
  /** Microsoft Graph; default `https://graph.microsoft.com`. */
  graphEndpoint?: pulumi.Input<string>;
  /** For whom tokens for Key Vault are made out, for example `https://vault.azure.net`, the default; vaults lie below this name. */
  keyVaultAudience?: pulumi.Input<string>;
  tenantId: pulumi.Input<string>;
  subscriptionId: pulumi.Input<string>;
  /** Application (client) id; default: managed identity or Azure CLI. */
  clientId?: pulumi.Input<string>;
  /** Secret of the application. */
  clientSecret?: pulumi.Input<string>;
  /** PEM of private CAs to trust beside the system's. */
  caCertificates?: pulumi.Input<string>;
}

/** The ACME certificate authority and the account there. */
export interface AcmeConnectionArgs {
  directoryUrl: pulumi.Input<string>;
  contactEmail?: pulumi.Input<string>;
  /** Secret PEM of the account key. Default: derived anew per stack and kept in the certificate's state. */
  accountKeyPem?: pulumi.Input<string>;
  /** Secret PEM of the account's key until now: the account is moved to `accountKeyPem` at the next order (RFC 8555, 7.3.5). */
  formerAccountKeyPem?: pulumi.Input<string>;
  /** External account binding (RFC 8555, 7.3.4): the key's name at the authority. */
  externalAccountKeyId?: pulumi.Input<string>;
  /** Secret of the external account binding, base64url as the authority gives it. */
  externalAccountKey?: pulumi.Input<string>;
  /** PEM of private CAs to trust for the directory's own TLS. */
  caCertificates?: pulumi.Input<string>;
  /** `host[:port]` of resolvers that see the public zone; default: the zone's own name servers. */
  dnsServers?: pulumi.Input<pulumi.Input<string>[]>;
  /** A zone outside Azure in which challenges are answered by DNS UPDATE. Default: none. */
  dnsUpdate?: pulumi.Input<DnsUpdateConnectionArgs>;
}

/** A zone whose primary server takes signed updates (RFC 2136, RFC 8945). */
export interface DnsUpdateConnectionArgs {
  /** `host[:port]` of the zone's primary server; port 53 by default. */
  server: pulumi.Input<string>;
  /** Name of the zone. */
  zone: pulumi.Input<string>;
  /** Name of the TSIG key, as the server knows it. */
  keyName: pulumi.Input<string>;
  /** Secret, base64. */
  key: pulumi.Input<string>;
  /** Default `hmac-sha256`. */
  algorithm?: pulumi.Input<"hmac-sha256" | "hmac-sha384" | "hmac-sha512">;
}

/** The Windows host that DSC and web.config resources are about. */
export interface HostConnectionArgs {
  /** DNS name or IP address by which the machine that runs Pulumi reaches the host. */
  address: pulumi.Input<string>;
  /** Default 22. */
  port?: pulumi.Input<number>;
  user: pulumi.Input<string>;
  /** The pinned host key, `ssh-ed25519 AAAA...`. */
  hostKey: pulumi.Input<string>;
  /** Secret, OpenSSH PEM. */
  privateKey: pulumi.Input<string>;
}

/** Arguments of {@link Provider}: the connections. A part that no resource needs may be left out. */
export interface ProviderArgs {
  directory?: pulumi.Input<DirectoryConnectionArgs>;
  azure?: pulumi.Input<AzureConnectionArgs>;
  acme?: pulumi.Input<AcmeConnectionArgs>;
  host?: pulumi.Input<HostConnectionArgs>;
}

/** The kit's own provider; one process per Pulumi operation pools all its connections. */
export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super("mfakit", name, Object.fromEntries(Object.entries(args).map(([key, value]) => [key, asJson(value)])), opts);
  }
}

/** Provider configuration travels as text; objects as JSON. */
function asJson(value: pulumi.Input<unknown>): pulumi.Output<string> {
  return pulumi.jsonStringify(pulumi.output(value));
}
