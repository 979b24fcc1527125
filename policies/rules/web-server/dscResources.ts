import type { Stack, StackResource } from "../../stack.ts";
import { at, elements, lower, UNKNOWN, type Value } from "../../values.ts";

const dscResource = "mfakit:dsc:Resource";

/** The DSC resources of one kind. Their properties are what the host has, once it was read. */
export function dscResources(stack: Stack, ...kinds: string[]): StackResource[] {
  return stack.ofType(dscResource).filter(({ properties }) => kinds.includes(String(at(properties, "resource"))));
}

/** A desired property as the host has it. */
export function dscProperty(resource: StackResource, name: string): Value {
  return at(resource.properties, "properties", name);
}

export function webSites(stack: Stack): StackResource[] {
  return dscResources(stack, "WebSite");
}

/** The bindings of a site; one unknown binding when the list is not known. */
export function bindingsOf(site: StackResource): Value[] {
  const bindings = dscProperty(site, "BindingInfo");
  return bindings === UNKNOWN ? [UNKNOWN] : elements(bindings);
}

/** True for DSC's and IIS's spellings of true. */
export function isTrue(value: Value): boolean {
  return value === true || lower(value) === "true";
}
