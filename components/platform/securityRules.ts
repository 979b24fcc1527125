/** One inbound rule of a network security group, as `SecurityRule` takes it. */
export interface InboundRule {
  /** Azure name of the rule; also the end of the Pulumi name. */
  name: string;
  description: string;
  /** 100 to 4096, unique among the inbound rules of the group; the smaller one wins. */
  priority: number;
  access: "Allow" | "Deny";
  protocol: "Tcp" | "*";
  destinationPortRange: string;
  /** One service tag, address or prefix. */
  sourceAddressPrefix?: string;
  /** Several addresses or prefixes; Azure takes no service tag here. */
  sourceAddressPrefixes?: string[];
}

/** What decides about inbound traffic. */
export interface InboundAccess {
  /** Service tags (`Internet`), addresses and prefixes that may reach 443. */
  allowHttpsFrom: readonly string[];
  /** Addresses and prefixes that may reach the management port; empty: nobody. */
  allowManagementFrom: readonly string[];
  /** Port of the host's SSH server. */
  managementPort: number;
}

const httpsPriority = 100;
const managementPriority = 300;
const lastPriority = 4096;

/**
 * The inbound rules of the host's subnet: 443 for those who may, the management port for those who may, and nothing else. The last
 * rule denies explicitly, because Azure's own default rules let the whole virtual network and the load balancer in.
 */
export function inboundRules(access: InboundAccess): InboundRule[] {
  return [
    ...allow("allow-https", "User Portal and Web Service SDK", "443", httpsPriority, access.allowHttpsFrom),
    ...allow(
      "allow-management",
      "Management over SSH",
      String(access.managementPort),
      managementPriority,
      access.allowManagementFrom,
    ),
    {
      name: "deny-inbound",
      description: "Nothing else comes in",
      priority: lastPriority,
      access: "Deny",
      protocol: "*",
      destinationPortRange: "*",
      sourceAddressPrefix: "*",
    },
  ];
}

/** Azure takes a list of prefixes or one service tag in a rule, never both: prefixes share a rule, each tag has its own. */
function allow(
  name: string,
  description: string,
  port: string,
  priority: number,
  sources: readonly string[],
): InboundRule[] {
  const prefixes = sources.filter(isAddress);
  const tags = sources.filter((source) => !isAddress(source));
  const rule = (
    suffix: string,
    offset: number,
    source: Pick<InboundRule, "sourceAddressPrefix" | "sourceAddressPrefixes">,
  ) => ({
    name: suffix === "" ? name : `${name}-${suffix}`,
    description,
    priority: priority + offset,
    access: "Allow" as const,
    protocol: "Tcp" as const,
    destinationPortRange: port,
    ...source,
  });
  const [only] = prefixes;
  return [
    ...tags.map((tag, index) =>
      rule(tag === "*" ? "anywhere" : tag.toLowerCase(), index, { sourceAddressPrefix: tag }),
    ),
    ...(only === undefined
      ? []
      : [
          rule(
            "",
            tags.length,
            prefixes.length === 1 ? { sourceAddressPrefix: only } : { sourceAddressPrefixes: [...prefixes].sort() },
          ),
        ]),
  ];
}

/** An IPv4 or IPv6 address or prefix, as opposed to a service tag or `*`. */
function isAddress(source: string): boolean {
  return /^[0-9a-f:.]+(\/\d+)?$/i.test(source) && /[.:]/.test(source);
}
