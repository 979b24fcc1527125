import { refersTo, type Stack, type StackResource } from "../../stack.ts";
import { at, elements, hasUnknown, UNKNOWN } from "../../values.ts";
import { networkSecurityGroup } from "./securityRules.ts";

const networkInterface = "azure-native:network:NetworkInterface";
const subnet = "azure-native:network:Subnet";

/** The network interfaces with a public address, by what guards them. */
export interface FrontDoors {
  /** URNs of the groups that guard such an interface. */
  doors: string[];
  /** Interfaces that nothing guards. */
  unguarded: StackResource[];
  /** Interfaces of which a preview cannot tell. */
  unknown: StackResource[];
}

/** Finds what stands between the Internet and each network interface with a public address. */
export function publicFrontDoors(stack: Stack): FrontDoors {
  const result: FrontDoors = { doors: [], unguarded: [], unknown: [] };
  for (const nic of stack.ofType(networkInterface)) {
    const configurations = elements(at(nic.properties, "ipConfigurations"));
    if (!configurations.some((configuration) => isGiven(at(configuration, "publicIPAddress")))) continue;
    const own = guardOf(nic, stack);
    const subnets = configurations.flatMap((configuration) => subnetsOf(nic, at(configuration, "subnet", "id"), stack));
    const guards = [own, ...subnets.map((each) => guardOf(each, stack))];
    const found = guards.filter((guard) => typeof guard === "object");
    result.doors.push(...found.map((group) => group.urn));
    if (found.length > 0) continue;
    // A subnet or group outside this stack may guard it just as well.
    const foreign = guards.includes("elsewhere") || subnets.length === 0;
    (foreign ? result.unknown : result.unguarded).push(nic);
  }
  return result;
}

function subnetsOf(nic: StackResource, id: unknown, stack: Stack): StackResource[] {
  return stack.ofType(subnet).filter((each) => refersTo(nic, "ipConfigurations", id, each));
}

/** The group of an interface or subnet: one of this stack, one from elsewhere, or none. */
function guardOf(resource: StackResource, stack: Stack): StackResource | "elsewhere" | undefined {
  const reference = at(resource.properties, "networkSecurityGroup");
  if (!isGiven(reference)) return undefined;
  const id = at(reference, "id");
  const group = stack
    .ofType(networkSecurityGroup)
    .find((each) => refersTo(resource, "networkSecurityGroup", hasUnknown(id) ? UNKNOWN : id, each));
  return group ?? "elsewhere";
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
