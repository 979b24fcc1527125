import { type Targets, targetsAmong } from "../../links.ts";
import type { Stack, StackResource } from "../../stack.ts";
import { at, elements, type Properties } from "../../values.ts";
import { networkSecurityGroup } from "./securityRules.ts";

const networkInterface = "azure-native:network:NetworkInterface";
const subnet = "azure-native:network:Subnet";
const virtualNetwork = "azure-native:network:VirtualNetwork";

/** The network interfaces with a public address, by what guards them. */
export interface FrontDoors {
  /** URNs of the groups that guard such an interface. */
  doors: Set<string>;
  /** Interfaces that nothing guards. */
  unguarded: StackResource[];
  /** Interfaces of which a preview cannot tell. */
  unknown: StackResource[];
}

/** Finds what stands between the Internet and each network interface with a public address. */
export function publicFrontDoors(stack: Stack): FrontDoors {
  const result: FrontDoors = { doors: new Set(), unguarded: [], unknown: [] };
  const allSubnets = targetsAmong([...stack.ofType(subnet), ...stack.ofType(virtualNetwork).flatMap(subnetsWithin)]);
  const groups = targetsAmong(stack.ofType(networkSecurityGroup));
  for (const nic of stack.ofType(networkInterface)) {
    const configurations = elements(at(nic.properties, "ipConfigurations"));
    if (!configurations.some((configuration) => isGiven(at(configuration, "publicIPAddress")))) continue;
    const subnets = configurations.flatMap((configuration) =>
      allSubnets.referred(nic, "ipConfigurations", at(configuration, "subnet", "id")),
    );
    const guards = [nic, ...subnets].map((each) => guardOf(each, groups));
    const found = guards.filter((guard) => typeof guard === "object");
    for (const group of found) result.doors.add(group.urn);
    if (found.length > 0) continue;
    // A subnet or group outside this stack may guard it just as well.
    const foreign = guards.includes("elsewhere") || subnets.length === 0;
    (foreign ? result.unknown : result.unguarded).push(nic);
  }
  return result;
}

/** The subnets that a network declares itself, as if they were resources. Only an id finds them: what comes from the network may be any. */
function subnetsWithin(network: StackResource): StackResource[] {
  return elements(at(network.properties, "subnets")).flatMap((each) => {
    const urn = at(each, "id");
    return typeof urn === "string" ? [{ ...network, urn, sources: {}, properties: each as Properties }] : [];
  });
}

/** The group of an interface or subnet: one of this stack, one from elsewhere, or none. */
function guardOf(resource: StackResource, groups: Targets): StackResource | "elsewhere" | undefined {
  const reference = at(resource.properties, "networkSecurityGroup");
  if (!isGiven(reference)) return undefined;
  const id = at(reference, "id");
  const [group] = groups.referred(resource, "networkSecurityGroup", id);
  return group ?? "elsewhere";
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
