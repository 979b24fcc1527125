import ipaddr from "ipaddr.js";
import { isBelow } from "../provider/directory/distinguishedName.ts";
import { baseDistinguishedName } from "./distinguishedName.ts";
import type { ParsedSettings } from "./schema.ts";

/** Settings of which any may be missing or was wrong on its own account. */
export type PartialSettings = Partial2<ParsedSettings>;
type Partial2<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Partial2<T[K]> } : T;

/** A broken rule between settings. */
export interface Break {
  path: readonly (string | number)[];
  what: string;
  accepted?: string;
  /** A value that would do, for the command that mends it; null when the setting should be removed. */
  example?: string | null;
}

type Rule = (settings: PartialSettings) => Break[];

/** The smallest subnet that Azure takes. */
const smallestSubnet = 29;

/** A network of the kit's own needs an address space and DNS servers; of one that is there they are its owner's. */
const ownNetworkIsDescribed: Rule = ({ network }) => {
  if (network === undefined) return [];
  const { existing, addressSpace, dnsServers } = network;
  const spacePath = ["network", "addressSpace"];
  if (existing !== undefined) {
    if (addressSpace === undefined) return [];
    const what = "has no meaning for a network that is there already";
    return [{ path: spacePath, what, accepted: "only without network.existing", example: null }];
  }
  const missing = { what: "is missing, but the kit makes the network", accepted: "a value, or network.existing" };
  return [
    ...(addressSpace === undefined ? [{ path: spacePath, example: "10.20.0.0/16", ...missing }] : []),
    ...(dnsServers === undefined ? [{ path: ["network", "dnsServers", 0], example: "10.10.0.4", ...missing }] : []),
  ];
};

const subnetInsideAddressSpace: Rule = ({ network }) => {
  const { addressSpace, subnetPrefix } = network ?? {};
  if (addressSpace === undefined || subnetPrefix === undefined) return [];
  const path = ["network", "subnetPrefix"];
  const [subnet, bits] = ipaddr.IPv4.parseCIDR(subnetPrefix);
  const [space, spaceBits] = ipaddr.IPv4.parseCIDR(addressSpace);
  if (bits > smallestSubnet) {
    return [{ path, what: `is ${subnetPrefix}, smaller than Azure's smallest subnet`, accepted: "/29 or larger" }];
  }
  if (bits >= spaceBits && subnet.match(space, spaceBits)) return [];
  return [
    {
      path,
      what: `is ${subnetPrefix}, outside the address space ${addressSpace}`,
      accepted: `a network inside ${addressSpace}`,
      example: `${space}/${Math.max(spaceBits, 24)}`,
    },
  ];
};

const addressInsideSubnet: Rule = ({ network, host }) => {
  const subnetPrefix = network?.subnetPrefix;
  const address = host?.privateIpAddress;
  if (subnetPrefix === undefined || address === undefined) return [];
  const path = ["host", "privateIpAddress"];
  const [subnet, bits] = ipaddr.IPv4.parseCIDR(subnetPrefix);
  const first = toNumber(subnet);
  const last = first + 2 ** (32 - bits) - 1;
  const given = toNumber(ipaddr.IPv4.parse(address));
  if (bits > smallestSubnet || (given >= first + 4 && given < last)) return [];
  const outside = given < first || given > last;
  return [
    {
      path,
      what: outside
        ? `is ${address}, outside the subnet ${subnetPrefix}`
        : `is ${address}, one of the five addresses that Azure keeps in each subnet`,
      accepted: `an address from ${toAddress(first + 4)} to ${toAddress(last - 1)}`,
      example: toAddress(first + 4),
    },
  ];
};

function toNumber(address: ipaddr.IPv4): number {
  return address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

const trustedLaunchNeedsGeneration2: Rule = ({ host }) => {
  const sku = host?.image?.sku;
  const windows = host?.image?.publisher?.toLowerCase() === "microsoftwindowsserver";
  if (!windows || sku === undefined || host?.trustedLaunch !== true) return [];
  if (!/^(?:2012-r2|2016|2019|2022)-datacenter$/i.test(sku)) return [];
  return [
    {
      path: ["host", "image", "sku"],
      what: `is "${sku}", an image of generation 1, but trusted launch needs generation 2`,
      accepted: "an image of generation 2, or host.trustedLaunch false",
      example: `${sku.slice(0, 4)}-datacenter-${sku.startsWith("2022") ? "g2" : "gensecond"}`,
    },
  ];
};

const modulePathBelongsToItsSource: Rule = ({ host }) => {
  const { source, path: folder } = host?.dscModules ?? {};
  const path = ["host", "dscModules", "path"];
  if (source === "path" && folder === undefined) return [{ path, what: "is missing, but the source is `path`" }];
  if (source === "gallery" && folder !== undefined) {
    return [
      {
        path,
        what: "has no meaning while the source is `gallery`",
        accepted: "only with `source: path`",
        example: null,
      },
    ];
  }
  return [];
};

const unitsInsideDomain: Rule = ({ domain, directory }) => {
  if (domain?.name === undefined) return [];
  const base = baseDistinguishedName(domain.name);
  const units = [
    { path: ["domain", "organizationalUnit"], unit: domain.organizationalUnit, example: `OU=Servers,${base}` },
    { path: ["directory", "organizationalUnit"], unit: directory?.organizationalUnit, example: `OU=MFA,${base}` },
  ];
  return units.flatMap(({ path, unit, example }) =>
    unit === undefined || isBelow(unit, base)
      ? []
      : [
          {
            path,
            what: `is "${unit}", outside the domain ${domain?.name}`,
            accepted: `a name that ends with ${base}`,
            example,
          },
        ],
  );
};

const directoryNamesDiffer: Rule = ({ directory }) => {
  const seen = new Set<string>();
  return (["mfaUsers", "phoneFactorAdmins", "serviceAccount"] as const).flatMap((part) => {
    const name = directory?.[part]?.name;
    if (name === undefined) return [];
    if (!seen.has(name.toLowerCase())) {
      seen.add(name.toLowerCase());
      return [];
    }
    return [
      {
        path: ["directory", part, "name"],
        what: `is "${name}", which another object has`,
        accepted: "a name of its own",
      },
    ];
  });
};

const membersOnce: Rule = ({ directory }) =>
  (["mfaUsers", "phoneFactorAdmins"] as const).flatMap((part) => {
    const members = directory?.[part]?.members ?? [];
    const lower = members.map((member) => member.toLowerCase());
    return members.flatMap((member, index) =>
      lower.indexOf(member.toLowerCase()) === index
        ? []
        : [
            {
              path: ["directory", part, "members", index],
              what: `is "${member}" a second time`,
              accepted: "each member once",
              example: null,
            },
          ],
    );
  });

const hostNameInsideZone: Rule = ({ publicEndpoint }) => {
  const { hostName, zone } = publicEndpoint ?? {};
  if (hostName === undefined || zone?.name === undefined) return [];
  const name = hostName.toLowerCase();
  const parent = zone.name.toLowerCase();
  if (name === parent || name.endsWith(`.${parent}`)) return [];
  return [
    {
      path: ["publicEndpoint", "hostName"],
      what: `is "${hostName}", outside the zone ${zone.name}`,
      accepted: `a name that ends with .${zone.name}`,
      example: `mfa.${zone.name}`,
    },
  ];
};

const zoneInsideZoneAbove: Rule = ({ publicEndpoint }) => {
  const { name, delegatedFrom } = publicEndpoint?.zone ?? {};
  if (name === undefined || delegatedFrom?.name === undefined) return [];
  if (name.toLowerCase().endsWith(`.${delegatedFrom.name.toLowerCase()}`)) return [];
  return [
    {
      path: ["publicEndpoint", "zone", "delegatedFrom", "name"],
      what: `is "${delegatedFrom.name}", which is not above ${name}`,
      accepted: `a zone that ${name} lies in`,
      example: name.split(".").slice(1).join("."),
    },
  ];
};

const issuerNamedForOtherAuthorities: Rule = ({ certificate }) => {
  const { directoryUrl, caaIssuer, source } = certificate ?? {};
  if (directoryUrl === undefined || caaIssuer !== undefined || source === "provided") return [];
  const { hostname } = new URL(directoryUrl);
  if (hostname.endsWith(".letsencrypt.org")) return [];
  return [
    {
      path: ["certificate", "caaIssuer"],
      what: `is missing, and ${hostname} is not Let's Encrypt`,
      example: hostname.split(".").slice(-2).join("."),
    },
  ];
};

const mobileAppWebServiceOnlyInV7: Rule = ({ mfaServer }) =>
  mfaServer?.profile === "v8" && mfaServer.mobileAppWebService !== undefined
    ? [
        {
          path: ["mfaServer", "mobileAppWebService"],
          what: "is set, but version 8 of the product has no Mobile App Web Service",
          accepted: "only with `profile: v7`",
          example: null,
        },
      ]
    : [];

const applicationNamesDiffer: Rule = ({ mfaServer }) => {
  const seen = new Set<string>();
  return (["userPortal", "webServiceSdk", "mobileAppWebService"] as const).flatMap((part) => {
    const name = mfaServer?.[part]?.applicationName;
    if (name === undefined) return [];
    if (!seen.has(name.toLowerCase())) {
      seen.add(name.toLowerCase());
      return [];
    }
    return [
      {
        path: ["mfaServer", part, "applicationName"],
        what: `is "${name}", which another web service has`,
        accepted: "a name of its own",
      },
    ];
  });
};

/** A managed domain takes its groups and accounts from Entra ID, which knows people by their principal names. */
const managedDomainNamesPrincipals: Rule = ({ directory, domain, entra }) => {
  if (directory?.kind !== "entraDomainServices") return [];
  const names = (["mfaUsers", "phoneFactorAdmins"] as const).flatMap((part) =>
    (directory[part]?.members ?? []).map((member, index) => ({ path: ["directory", part, "members", index], member })),
  );
  const suffix = entra?.userDomain ?? domain?.name ?? "contoso.com";
  const members = names.flatMap(({ path, member }) => {
    if (member === undefined || /^[^=]+@[^=]+$/.test(member)) return [];
    return [
      {
        path,
        what: `is "${member}", but Entra ID knows people by their principal name`,
        accepted: "name@domain",
        example: `${/^[\w.-]+$/.test(member) ? member : "name"}@${suffix}`,
      },
    ];
  });
  const adopted = directory.serviceAccount?.adopt === true;
  const account = {
    path: ["directory", "serviceAccount", "adopt"],
    what: "is true, but of an account that is already in Entra ID the kit does not know the password",
    accepted: "false with `kind: entraDomainServices`",
    example: null,
  };
  return adopted ? [...members, account] : members;
};

/** What the kit makes it may set up; what is there before belongs to somebody else. */
const vaultNamedOnce: Rule = ({ certificate }) => {
  const { keyVault } = certificate ?? {};
  if (keyVault === undefined) return [];
  const { name, id } = keyVault;
  const path = (key: string) => ["certificate", "keyVault", key];
  if (id === undefined) return [];
  if (name !== undefined) {
    return [{ path: path("name"), what: "is set together with `id`", accepted: "one of the two", example: null }];
  }
  const ownVaultOnly = [
    ["allowedNetworks", keyVault.allowedNetworks],
    ["deployer", keyVault.deployer],
    ["recover", keyVault.recover || undefined],
  ] as const;
  return ownVaultOnly.flatMap(([key, value]) =>
    value === undefined
      ? []
      : [
          {
            path: path(key),
            what: "has no meaning for a vault that exists before the kit",
            accepted: "only with `name`",
            example: null,
          },
        ],
  );
};

const rules: readonly Rule[] = [
  ownNetworkIsDescribed,
  subnetInsideAddressSpace,
  addressInsideSubnet,
  trustedLaunchNeedsGeneration2,
  modulePathBelongsToItsSource,
  unitsInsideDomain,
  directoryNamesDiffer,
  membersOnce,
  hostNameInsideZone,
  zoneInsideZoneAbove,
  issuerNamedForOtherAuthorities,
  vaultNamedOnce,
  mobileAppWebServiceOnlyInV7,
  applicationNamesDiffer,
  managedDomainNamesPrincipals,
];

/** Every broken rule between settings; a rule about a setting that is missing or wrong says nothing. */
export function brokenRules(settings: PartialSettings): Break[] {
  return rules.flatMap((rule) => rule(settings));
}
