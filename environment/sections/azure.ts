import { z } from "zod";
import { certificates, guid, httpsUrl } from "../fields.ts";

/** Where in Azure the environment lives, and which application deploys it. */
export const azureSection = z.strictObject({
  cloud: z
    .enum(["public", "usGovernment", "china"])
    .default("public")
    .meta({
      description:
        "The Azure cloud; decides the addresses of Azure Resource Manager and of the log-in service. Pulumi's azure-native provider follows this setting alone.",
      examples: ["public"],
    }),
  subscriptionId: guid.describe("Subscription that holds everything the kit creates in Azure."),
  tenantId: guid.describe("Entra ID tenant of the subscription."),
  clientId: guid
    .optional()
    .describe(
      "Application (client) id of the application that deploys; its secret is `azureClientSecret`. Without it a managed identity or the Azure CLI's log-in is used.",
    ),
  location: z
    .string()
    .regex(/^[a-z][a-z0-9]+$/)
    .meta({
      description: "Azure region, by its short name.",
      accepted: "lower-case letters and digits, as `az account list-locations` prints in `name`",
      examples: ["westeurope"],
    }),
  resourceGroup: z
    .string()
    .max(90)
    .regex(/^[\p{L}\p{N}_.()-]*[\p{L}\p{N}_()-]$/u)
    .meta({
      description: "Resource group that the kit creates for the environment.",
      accepted: "1 to 90 letters, digits, and _ - . ( ); no dot last",
      examples: ["rg-mfa-dev-weu"],
    }),
  resourceManagerEndpoint: httpsUrl
    .optional()
    .describe(
      "Address of Azure Resource Manager for the kit's own requests (the certificate's DNS challenge, `mfakit recover`). The azure-native provider follows `azure.cloud` instead. Default: the cloud's, for example `https://management.azure.com`.",
    ),
  authorityHost: httpsUrl.optional().meta({
    description:
      "Address of the log-in service for the kit's own requests to Azure Resource Manager. The azure-native provider follows `azure.cloud` instead. Default: the cloud's, for example `https://login.microsoftonline.com`.",
    examples: ["https://login.microsoftonline.com"],
  }),
  keyVaultAudience: httpsUrl.optional().meta({
    description:
      "For whom tokens for Key Vault are made out; vaults are only talked to below this name. Used with `certificate.keyVault`. Default: the cloud's, for example `https://vault.azure.net`.",
    examples: ["https://vault.azure.net"],
  }),
  caCertificates: certificates
    .optional()
    .describe(
      "Private certificate authorities to trust for these addresses and for vaults in the kit's own requests, beside the system's. They do not reach the azure-native provider.",
    ),
});
