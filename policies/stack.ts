import type { PolicyResource } from "@pulumi/policy";
import { type Properties, plain } from "./values.ts";

/** A resource as the rules see it, whoever declared it. */
export interface StackResource {
  urn: string;
  /** Type without the API version that azure-native tokens may carry. */
  type: string;
  name: string;
  properties: Properties;
  /** By property, the URNs of the resources that its value comes from. They are known in a preview, when ids are not. */
  sources: Readonly<Record<string, readonly string[]>>;
}

/** All resources of a stack. */
export interface Stack {
  readonly types: ReadonlySet<string>;
  readonly urns: readonly string[];
  ofType(type: string): StackResource[];
}

/** `azure-native:network/v20240501:Subnet` and `azure-native_network_v20240501:network:Subnet` are `azure-native:network:Subnet`. */
export function unversionedType(type: string): string {
  if (!type.startsWith("azure-native")) return type;
  let name = unversioned.get(type);
  if (name === undefined) {
    name = type.replace(/^azure-native(?:_\w+)?:(\w+)(?:\/v\w+)?:/, "azure-native:$1:");
    unversioned.set(type, name);
  }
  return name;
}

/** A stack has thousands of resources and some dozens of types. */
const unversioned = new Map<string, string>();

/** What names a resource, in the policy SDK's list and in a saved preview or state alike. */
type Named = Pick<StackResource, "urn" | "type" | "name">;

/**
 * Sorts resources by type. Properties are read only for the types that a rule asks for: a stack of ten thousand resources is sorted by
 * each rule, and few of them concern it.
 *
 * @param read Reads one resource's properties and where they come from.
 */
export function stackOf<R extends Named>(
  resources: readonly R[],
  read: (resource: R) => Pick<StackResource, "properties" | "sources">,
): Stack {
  const byType = new Map<string, R[]>();
  for (const resource of resources) {
    const same = byType.get(resource.type);
    if (same === undefined) byType.set(resource.type, [resource]);
    else same.push(resource);
  }
  const byUnversioned = new Map<string, R[]>();
  for (const [type, same] of byType) {
    const name = unversionedType(type);
    byUnversioned.set(name, [...(byUnversioned.get(name) ?? []), ...same]);
  }
  const copies = new Map<R, StackResource>();
  const copyOf = (resource: R): StackResource => {
    let copy = copies.get(resource);
    if (copy === undefined) {
      copy = {
        urn: resource.urn,
        type: unversionedType(resource.type),
        name: resource.name,
        ...read(resource),
      };
      copies.set(resource, copy);
    }
    return copy;
  };
  return {
    types: new Set(byUnversioned.keys()),
    get urns() {
      return resources.map(({ urn }) => urn);
    },
    ofType: (type) => (byUnversioned.get(type) ?? []).map(copyOf),
  };
}

/** The stack as the policy SDK describes it. */
export function stackOfSdk(resources: readonly PolicyResource[]): Stack {
  return stackOf(resources, ({ props, propertyDependencies }) => ({
    properties: plain(props) as Properties,
    sources: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, from]) => [property, from.map(({ urn }) => urn)]),
    ),
  }));
}

/** True for a stack that the kit made; rules about the product have nothing to say about other stacks. */
export function isMfaStack(stack: Stack): boolean {
  for (const type of stack.types) if (type.startsWith("mfakit:") || type.startsWith("mfa:")) return true;
  return false;
}
