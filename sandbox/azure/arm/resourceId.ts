/** The parts of an ARM resource id. Comparison is without case everywhere; the first writer's spelling is kept. */
export interface ResourceId {
  subscriptionId: string;
  resourceGroup: string | undefined;
  /** Full type: `Microsoft.Network/virtualNetworks/subnets`. */
  type: string;
  /** One name for each type segment. */
  names: string[];
  /** What the resource is an extension of (role assignments), else empty. */
  scope: string;
}

/** Understands `/subscriptions/…`, resource groups, provider resources, and extension resources at any scope. */
export function parseResourceId(id: string): ResourceId | undefined {
  const segments = id.split("/").filter((segment) => segment !== "");
  const value = (name: string): string | undefined => {
    const at = segments.findIndex((segment, i) => i % 2 === 0 && segment.toLowerCase() === name);
    return at === -1 ? undefined : segments[at + 1];
  };
  if (segments[0]?.toLowerCase() !== "subscriptions") return undefined;
  const subscriptionId = value("subscriptions");
  if (subscriptionId === undefined) return undefined;
  const resourceGroup = value("resourcegroups");
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === "providers");
  if (provider === -1) {
    if (resourceGroup === undefined || segments.length !== 4) return undefined;
    return {
      subscriptionId,
      resourceGroup,
      type: "Microsoft.Resources/resourceGroups",
      names: [resourceGroup],
      scope: "",
    };
  }
  const rest = segments.slice(provider + 1);
  const namespace = rest.shift();
  if (namespace === undefined || rest.length < 2 || rest.length % 2 !== 0) return undefined;
  return {
    subscriptionId,
    resourceGroup,
    type: [namespace, ...rest.filter((_, i) => i % 2 === 0)].join("/"),
    names: rest.filter((_, i) => i % 2 === 1),
    scope: `/${segments.slice(0, provider).join("/")}`,
  };
}

export function sameId(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && keyOf(a) === keyOf(b);
}

/** The form under which ids are compared. */
export function keyOf(id: string): string {
  return id.toLowerCase().replace(/\/+$/, "");
}

/** The id of the resource that this one is a child of (`…/virtualNetworks/v` of `…/virtualNetworks/v/subnets/s`). */
export function parentOf(id: string): string | undefined {
  const segments = id.split("/");
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === "providers");
  return provider !== -1 && segments.length - provider > 4 ? segments.slice(0, -2).join("/") : undefined;
}
