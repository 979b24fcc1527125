import { z } from "zod";
import { tenantUser } from "./graph/users.ts";

const port = z.int().min(0).max(65535).default(0);

/** What the simulated Azure is started with (`main.ts <options.json>`). A port of 0 takes a free one. */
export const azureOptions = z.strictObject({
  /** Folder of the cloud's state; a restart goes on from it. */
  stateDirectory: z.string(),
  /** Loopback address of the ARM and login endpoints. */
  address: z.ipv4(),
  /** Loopback address of the zone server. */
  dnsAddress: z.ipv4(),
  dnsPort: z.int().min(0).max(65535).default(53),
  ports: z
    .strictObject({
      arm: port,
      login: port,
      azureNative: port,
      azuread: port,
      command: port,
      graph: port,
      keyVault: port,
    })
    .prefault({}),
  tls: z.strictObject({ certFile: z.string(), keyFile: z.string() }),
  tenantId: z.guid(),
  subscriptionId: z.guid(),
  /** The application that deploys, and the file with its secret. */
  clientId: z.guid(),
  clientSecretFile: z.string(),
  /** ARM bodies of what was there before, parents first; loaded once, at the first start. */
  existing: z.array(z.looseObject({ id: z.string() })).default([]),
  /** The tenant: who was there before, loaded once, and what an administrator lets the application ask Microsoft Graph. */
  entra: z
    .strictObject({
      users: z.array(tenantUser).default([]),
      appRoles: z.array(z.string()).default(["User.Read.All", "LicenseAssignment.Read.All"]),
    })
    .prefault({}),
  /** Loopback addresses that public IP addresses are given, in this order. */
  publicIpAddresses: z.array(z.ipv4()).default([]),
  /** Port that the public IP front listens on, at each address. Default 443. */
  publicPort: z.int().min(1).max(65535).default(443),
  /** The simulated Windows host behind the virtual machine with this private address. */
  host: z
    .strictObject({
      controlSocket: z.string(),
      privateIpAddress: z.ipv4(),
      /** Where the host's own side of the network is. */
      address: z.ipv4(),
      httpsPort: z.int().min(1).max(65535).default(443),
    })
    .optional(),
  /** The domain that machines join. */
  directory: z
    .strictObject({
      domain: z.string(),
      /** The address that the virtual network's DNS servers must include. */
      domainControllerAddress: z.string(),
      ldapsUrl: z.url({ protocol: /^ldaps$/ }),
      caFile: z.string(),
    })
    .optional(),
});

export type AzureOptions = z.output<typeof azureOptions>;
