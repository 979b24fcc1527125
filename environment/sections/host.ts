import { z } from "zod";
import { flag, ipv4Address, port, windowsPath } from "../fields.ts";

/** Names that Azure refuses for the first administrator of a Windows machine (compared without case). */
const forbiddenAdminNames = new Set(
  (
    "administrator admin user user1 test user2 test1 user3 admin1 1 123 a actuser adm admin2 aspnet backup console " +
    "david guest john owner root server sql support support_388945a0 sys test2 test3 user4 user5"
  ).split(" "),
);

const imagePart = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
  .meta({ accepted: "letters, digits and . _ -" });

const image = z.strictObject({
  publisher: imagePart.meta({ description: "Publisher of the image.", examples: ["MicrosoftWindowsServer"] }),
  offer: imagePart.meta({ description: "Offer of the image.", examples: ["WindowsServer"] }),
  sku: imagePart.meta({
    description: "Edition of the image. Trusted launch needs one of generation 2.",
    examples: ["2016-datacenter-gensecond"],
  }),
  version: z
    .string()
    .regex(/^(?:latest|\d+\.\d+\.\d+)$/)
    .default("latest")
    .meta({
      description: "Version of the image; `latest` is resolved when the machine is created and never upgrades it.",
      accepted: "latest, or three numbers divided by dots",
      examples: ["latest"],
    }),
});

const management = z.strictObject({
  address: z
    .string()
    .regex(/^[A-Za-z0-9:](?:[A-Za-z0-9.:-]*[A-Za-z0-9:])?$/)
    .optional()
    .meta({
      description:
        "DNS name or IP address by which the machine that runs Pulumi reaches the host. Default: `privateIpAddress`.",
      accepted: "a DNS name or an IP address",
      examples: ["mfa-ssh.corp.contoso.com"],
    }),
  port: port.default(22).describe("Port of the host's SSH server, as seen from the machine that runs Pulumi."),
  user: z
    .string()
    .regex(/^[^\s"/[\]:;|=,+*?<>]+$/u)
    .optional()
    .meta({
      description: "User that logs in by SSH; an administrator of the host. Default: `adminUsername`.",
      accepted: "a user name, or DOMAIN\\name",
      examples: ["mfaadmin"],
    }),
  hostKey: z
    .string()
    .regex(/^(?:ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)|ssh-rsa) [A-Za-z0-9+/]+={0,2}$/)
    .optional()
    .meta({
      description: "The host key that is accepted. Default: the public half of the secret `hostPrivateKey`.",
      accepted: "type and base64, as in a known_hosts file, without the host's name and without a comment",
      examples: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJhW3mV8Q0pWkVYxXsN1pUqkC5aP1u2o0b0n4kq3T0mB"],
    }),
});

const dscModules = z.strictObject({
  source: z
    .enum(["gallery", "path"])
    .default("gallery")
    .describe("Where the host takes the PowerShell DSC modules from: the PowerShell gallery, or a folder on the host."),
  path: windowsPath.optional().meta({
    description: "Folder on the host with the modules' .nupkg files; only with `source: path`.",
    examples: ["C:\\Install\\Modules"],
  }),
});

/** The Windows host. */
export const hostSection = z.strictObject({
  computerName: z
    .string()
    .max(15)
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/)
    .refine((value) => !/^\d+$/.test(value), { error: "has only digits" })
    .meta({
      description: "Windows name of the host. It cannot be changed later: another name means another machine.",
      accepted: "1 to 15 letters, digits and hyphens; not only digits; no hyphen first or last",
      examples: ["MFADEV01"],
    }),
  size: z
    .string()
    .regex(/^(?:Standard|Basic)_[A-Za-z0-9_-]+$/)
    .meta({
      description:
        "Size of the virtual machine. Memory by number of users: 4 GB up to 10,000, 8 GB up to 50,000, 12 GB up to 100,000, 16 GB up to 200,000, then 32 GB.",
      accepted: "the name of a size, as `az vm list-sizes` prints it",
      examples: ["Standard_D2s_v5"],
    }),
  image: image
    .prefault({ publisher: "MicrosoftWindowsServer", offer: "WindowsServer", sku: "2016-datacenter-gensecond" })
    .describe("Marketplace image. Activation of the product can fail on Windows Server 2019 and later in Azure."),
  adminUsername: z
    .string()
    .max(20)
    .regex(/^[^\s"/\\[\]:;|=,+*?<>@]+$/u)
    .refine((value) => !value.endsWith("."), { error: "ends with a dot" })
    .refine((value) => !forbiddenAdminNames.has(value.toLowerCase()), { error: "is a name that Azure refuses" })
    .meta({
      description: "First local administrator of the host. It cannot be changed later.",
      accepted: "1 to 20 characters without blanks; no dot last; none of the usual names (admin, administrator, ...)",
      examples: ["mfaadmin"],
    }),
  privateIpAddress: ipv4Address.meta({
    description:
      "Fixed address of the host inside `network.subnetPrefix`, none of the five that Azure keeps (first four, last).",
    examples: ["10.20.1.10"],
  }),
  encryptionAtHost: flag
    .default(true)
    .describe("Encrypt disks and caches on the physical machine; the subscription must have the feature registered."),
  trustedLaunch: flag.default(true).describe("Secure boot and a virtual TPM; needs an image of generation 2."),
  replace: z
    .string()
    .max(15)
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/)
    .optional()
    .meta({
      description:
        "Computer name of the machine that the next deployment may delete and make again; to be removed afterwards. Without it a change of `computerName`, `adminUsername`, `image`, `trustedLaunch`, `azure.location` or `azure.resourceGroup` is refused in preview.",
      accepted: "the computer name of the machine that is there",
      examples: ["MFADEV01"],
    }),
  management: management.prefault({}).describe("How the machine that runs Pulumi reaches the host by SSH."),
  dscModules: dscModules.prefault({}).describe("The PowerShell DSC modules that configure the host."),
});
