import type { AcmeConnection, AzureConnection, DirectoryConnection, HostConnection } from "../configuration.ts";

/**
 * The connections of one Pulumi operation. Each is opened at its first use, shared by all resources, and closed by `close`.
 * Asking for one that the provider was not configured with throws a `UserError` that names the missing setting.
 */
export interface Connections {
  readonly directory: () => Promise<import("./ldap.ts").Directory>;
  readonly arm: () => Promise<import("./arm.ts").ArmClient>;
  readonly graph: () => Promise<import("./graph.ts").GraphClient>;
  readonly keyVault: () => Promise<import("./keyVault.ts").KeyVaultClient>;
  readonly acme: () => Promise<import("./acme.ts").AcmeAccount>;
  readonly host: () => Promise<import("./host.ts").HostSession>;
  readonly configuration: {
    directory?: DirectoryConnection;
    azure?: AzureConnection;
    acme?: AcmeConnection;
    host?: HostConnection;
  };
  close(): Promise<void>;
}
