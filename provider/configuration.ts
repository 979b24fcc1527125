import { z } from "zod";

/**
 * What {@link Provider} was given, after the engine handed it over; see `resource.ts` for the meaning of each field. Texts marked
 * `secret` are removed from every message.
 */
export const directoryConnection = z.strictObject({
  domain: z.string(),
  netbiosName: z.string(),
  domainControllers: z.array(z.string().startsWith("ldaps://")).min(1).optional(),
  dnsServers: z.array(z.string()).min(1).optional(),
  bindUser: z.string(),
  bindPassword: z.string().meta({ secret: true }),
  caCertificates: z.string().optional(),
});

export const azureConnection = z.strictObject({
  resourceManagerEndpoint: z.url({ protocol: /^https$/ }),
  authorityHost: z.url({ protocol: /^https$/ }),
  graphEndpoint: z.url({ protocol: /^https$/ }).optional(),
  keyVaultAudience: z.url({ protocol: /^https$/ }).optional(),
  tenantId: z.string(),
  subscriptionId: z.string(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional().meta({ secret: true }),
  caCertificates: z.string().optional(),
});

export const dnsUpdateConnection = z.strictObject({
  server: z.string(),
  zone: z.string(),
  keyName: z.string(),
  key: z.string().meta({ secret: true }),
  algorithm: z.enum(["hmac-sha256", "hmac-sha384", "hmac-sha512"]).default("hmac-sha256"),
});

export const acmeConnection = z.strictObject({
  directoryUrl: z.url({ protocol: /^https$/ }),
  contactEmail: z.string().optional(),
  accountKeyPem: z.string().optional().meta({ secret: true }),
  formerAccountKeyPem: z.string().optional().meta({ secret: true }),
  externalAccountKeyId: z.string().optional(),
  externalAccountKey: z.string().optional().meta({ secret: true }),
  caCertificates: z.string().optional(),
  dnsServers: z.array(z.string()).optional(),
  dnsUpdate: dnsUpdateConnection.optional(),
});

export const hostConnection = z.strictObject({
  address: z.string(),
  port: z.number().int().min(1).max(65535).default(22),
  user: z.string(),
  hostKey: z.string(),
  privateKey: z.string().meta({ secret: true }),
});

export const providerConfiguration = z.strictObject({
  directory: directoryConnection.optional(),
  azure: azureConnection.optional(),
  acme: acmeConnection.optional(),
  host: hostConnection.optional(),
});

export type DirectoryConnection = z.infer<typeof directoryConnection>;
export type AzureConnection = z.infer<typeof azureConnection>;
export type AcmeConnection = z.infer<typeof acmeConnection>;
export type DnsUpdateConnection = z.infer<typeof dnsUpdateConnection>;
export type HostConnection = z.infer<typeof hostConnection>;
export type ProviderConfiguration = z.infer<typeof providerConfiguration>;
