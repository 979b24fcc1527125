import { X509Certificate } from "node:crypto";
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { parse as parseDistinguishedName } from "../provider/directory/distinguishedName.ts";

/**
 * The kinds of values that settings are made of. `accepted` says in words what a kind takes and `examples[0]` shows one;
 * messages, the editors' schema and the README's table use both.
 */

export const guid = z.guid().meta({
  accepted: "a GUID: 8-4-4-4-12 hexadecimal digits",
  examples: ["2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10"],
});

export const flag = z.boolean().meta({ accepted: "true or false", examples: [true] });

export const ipv4Address = z.ipv4().meta({ accepted: "an IPv4 address", examples: ["10.10.0.4"] });

/** True when the address part of `cidr` is the network's own address, as Azure wants it. */
function namesItsNetwork(cidr: string): boolean {
  if (!ipaddr.IPv4.isValidCIDR(cidr)) return true;
  return ipaddr.IPv4.networkAddressFromCIDR(cidr).toString() === cidr.split("/")[0];
}

export const ipv4Network = z
  .cidrv4()
  .refine(namesItsNetwork, {
    error: ({ input }) =>
      `has address bits behind the prefix; the network is ${ipaddr.IPv4.networkAddressFromCIDR(String(input))}/${String(input).split("/")[1]}`,
  })
  .meta({ accepted: "an IPv4 network in CIDR form", examples: ["10.20.0.0/16"] });

/** Azure service tags are words, some with a region behind a dot: `Internet`, `AzureCloud.westeurope`. */
const serviceTag = /^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?$/;

export const trafficSource = z
  .string()
  .refine(
    (value) =>
      serviceTag.test(value) ||
      z.ipv4().safeParse(value).success ||
      (z.cidrv4().safeParse(value).success && namesItsNetwork(value)),
    { error: "is neither a network nor a service tag" },
  )
  .meta({ accepted: "an IPv4 address, an IPv4 network in CIDR form or an Azure service tag", examples: ["Internet"] });

const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

export const dnsName = z
  .string()
  .max(253)
  .regex(new RegExp(`^${label}(?:\\.${label})+$`))
  .meta({ accepted: "a DNS name of two or more labels, without a dot at the end", examples: ["corp.contoso.com"] });

/** What a URL of the settings must not carry: a password would be stored in the clear. */
const withoutCredentials = (value: string): boolean => {
  const url = URL.parse(value);
  return url === null || (url.username === "" && url.password === "");
};

export const httpsUrl = z
  .url({ protocol: /^https$/, error: "is not an https:// address", abort: true })
  .refine(withoutCredentials, { error: "carries a user name or password" })
  .meta({ accepted: "an address that begins with https://", examples: ["https://management.azure.com"] });

export const virtualNetworkId = z
  .string()
  .regex(
    /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+$/i,
  )
  .meta({
    accepted: "the ARM id of a virtual network, as `az network vnet show --query id` prints it",
    examples: [
      "/subscriptions/2f1c6a5e-7d0b-4b7c-9a55-0c6f1e5b7a10/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub",
    ],
  });

export const ldapsUrl = z
  .url({ protocol: /^ldaps$/, error: "is not an ldaps:// address", abort: true })
  .refine(withoutCredentials, { error: "carries a user name or password" })
  .refine((value) => /^ldaps:\/\/[^/?#]+\/?$/i.test(value), { error: "has more than a host and a port" })
  .meta({
    accepted: "ldaps://host or ldaps://host:port; plain ldap:// is refused because passwords travel on it",
    examples: ["ldaps://dc1.corp.contoso.com"],
  });

export const resolver = z
  .string()
  .regex(/^(?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?$/)
  .refine((value) => Number(/:(\d{1,5})$/.exec(value)?.[1] ?? 53) <= 65535, { error: "has a port above 65535" })
  .meta({ accepted: "host or host:port; an IPv6 address in brackets", examples: ["10.10.0.4:53"] });

export const port = z
  .int()
  .min(1)
  .max(65535)
  .meta({ accepted: "a whole number from 1 to 65535", examples: [22] });

export const distinguishedName = z
  .string()
  .refine((value) => parseDistinguishedName(value) !== undefined, { error: "is not a distinguished name" })
  .meta({
    accepted: "a distinguished name; a comma inside a name has a backslash before it",
    examples: ["OU=MFA,DC=corp,DC=contoso,DC=com"],
  });

/** Characters that Active Directory refuses in a sAMAccountName, without the backslash that divides domain and name. */
const accountNameCharacters = '[^"/\\\\\\[\\]:;|=,+*?<>@\\u0000-\\u001f]';
const accountNamePattern = new RegExp(
  `^(?! )${accountNameCharacters}*${accountNameCharacters.replace("[^", "[^ .")}$`,
  "u",
);

export const groupName = z
  .string()
  .max(64)
  .regex(accountNamePattern)
  .meta({
    accepted: '1 to 64 characters, none of " / \\ [ ] : ; | = , + * ? < > @, no blank first, no blank or dot last',
    examples: ["MFA Users"],
  });

export const accountName = z
  .string()
  .max(20)
  .regex(accountNamePattern)
  .meta({
    accepted: '1 to 20 characters, none of " / \\ [ ] : ; | = , + * ? < > @, no blank first, no blank or dot last',
    examples: ["MfaWebService"],
  });

const userPrincipalName = /^[^\s@"\\]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/u;

export const joinAccount = z
  .string()
  .refine((value) => /^[^\s\\/@"]+\\[^\\/@"]+$/u.test(value) || userPrincipalName.test(value), {
    error: "names no domain",
  })
  .meta({ accepted: "DOMAIN\\name or name@domain", examples: ["CORP\\svc-domainjoin"] });

export const bindAccount = z
  .string()
  .refine((value) => userPrincipalName.test(value) || parseDistinguishedName(value) !== undefined, {
    error: "is neither a user principal name nor a distinguished name",
  })
  .meta({ accepted: "name@domain or a distinguished name", examples: ["svc-mfakit@corp.contoso.com"] });

export const memberName = z
  .string()
  .refine(
    (value) =>
      (value.length <= 64 && accountNamePattern.test(value)) ||
      userPrincipalName.test(value) ||
      parseDistinguishedName(value) !== undefined ||
      z.guid().safeParse(value).success,
    { error: "names nobody in a way the directory understands" },
  )
  .meta({
    accepted: "a sAMAccountName (a computer as NAME$), a user principal name, a distinguished name or an objectGUID",
    examples: ["alice"],
  });

export const windowsPath = z
  .string()
  .regex(/^[A-Za-z]:\\(?:[^\\/:*?"<>|\r\n]+\\)*[^\\/:*?"<>|\r\n]+$/)
  .meta({ accepted: "an absolute Windows path on a local drive", examples: ["C:\\Install\\setup.exe"] });

export const sha256 = z
  .string()
  .regex(/^[0-9A-Fa-f]{64}$/)
  .meta({
    accepted: "a SHA-256: 64 hexadecimal digits, as Get-FileHash prints it",
    examples: ["5d0c6a1b6b0f4a8b9a3c8f7d2e1c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a"],
  });

/** The certificates of a PEM text; undefined when it holds none or one that cannot be read. */
export function readCertificates(pem: string): X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  if (blocks === null) return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

/** A path or a text; the loader puts the text in place of the path. */
export const certificates = z
  .string()
  .min(1)
  .meta({
    accepted: "PEM text, or the path of a PEM file relative to the project's folder, with one or more certificates",
    examples: ["certificates/ca.pem"],
  });
