import { z } from "zod";
import { flag } from "../fields.ts";

const EXAMPLE_ID =
  "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-vaults/providers/Microsoft.KeyVault/vaults/kv-certificates";

/** The rules of a vault's name: the Azure page "Naming rules and restrictions for Azure resources", Microsoft.KeyVault. */
const vaultName = z
  .string()
  .min(3)
  .max(24)
  .regex(/^[A-Za-z](?!.*--)[A-Za-z0-9-]*[A-Za-z0-9]$/)
  .meta({
    accepted: "3 to 24 letters, digits and single hyphens; a letter first, no hyphen last; nobody else in Azure has it",
    examples: ["kv-mfa-dev-weu"],
  });

/** Key Vault's firewall takes public IPv4 addresses and networks alone. */
const publicNetwork = z
  .string()
  .refine((value) => z.ipv4().safeParse(value).success || z.cidrv4().safeParse(value).success, {
    error: "is neither an IPv4 address nor an IPv4 network",
  })
  .meta({ accepted: "a public IPv4 address, or a network in CIDR form", examples: ["203.0.113.10"] });

/** Azure Key Vault between the certificate and the host. */
export const keyVaultSection = z
  .strictObject({
    name: vaultName
      .optional()
      .describe("Name of a vault that the kit makes in `azure.resourceGroup`. Either this or `id`."),
    id: z
      .string()
      .regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+$/i)
      .optional()
      .meta({
        description:
          "A vault that exists before the kit, with Azure role-based access; whoever deploys holds Key Vault Certificates Officer on it. Either this or `name`.",
        accepted: "the ARM id of a key vault",
        examples: [EXAMPLE_ID],
      }),
    certificateName: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,127}$/)
      .optional()
      .meta({
        description:
          "Name of the certificate in the vault. Default: the public name with hyphens in place of dots, for example `mfa-dev-contoso-com`.",
        accepted: "1 to 127 letters, digits and hyphens",
        examples: ["mfa-dev-contoso-com"],
      }),
    allowedNetworks: z
      .array(publicNetwork)
      .min(1)
      .optional()
      .meta({
        description:
          "With `name`: who reaches the vault beside the host, among them the machine that deploys; everybody else is kept out. Default: every network.",
        examples: [["203.0.113.10"]],
      }),
    deployer: z
      .enum(["servicePrincipal", "user", "none"])
      .optional()
      .describe(
        "With `name`: what kind of identity deploys; it is given the role Key Vault Certificates Officer on the vault. `none` where it holds that role already, for example on the resource group. Default: `servicePrincipal` with `azure.clientId`, else `user`.",
      ),
    retentionDays: z
      .int()
      .min(7)
      .max(90)
      .default(90)
      .meta({
        description:
          "With `name`: how long a deleted vault or certificate can be brought back, and its name stays taken. Cannot be changed once the vault is there.",
        accepted: "a whole number from 7 to 90",
        examples: [90],
      }),
    recover: flag
      .default(false)
      .describe("With `name`: bring the vault back that a destroy has deleted, instead of making a new one."),
  })
  // Here and not between sections: a vault that is named wrongly is not missing.
  .refine(({ name, id }) => name !== undefined || id !== undefined, {
    path: ["name"],
    error: "is missing",
  });
