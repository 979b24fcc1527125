import { type ClassContract, entry, isCredential, type PropertyContract } from "./contract.ts";
import { contractOf } from "./identity.ts";

/**
 * Properties with which an object can be looked up by its keys alone. Modules insist on their required properties also in Get,
 * which does not use them; their values here are only well-formed.
 */
export function propertiesToLook(
  module: string,
  resource: string,
  keys: Record<string, string>,
): Record<string, unknown> {
  const properties: Record<string, unknown> = { ...keys };
  for (const [name, property] of Object.entries(contractOf(module, resource))) {
    if (property.kind === "required") properties[name] = wellFormed(property);
  }
  return properties;
}

/** The properties that a program would have to declare to describe what is there: the keys, and everything settable that is set. */
export function importedProperties(
  contract: ClassContract,
  keys: Record<string, string>,
  current: Record<string, unknown>,
): Record<string, unknown> {
  const properties: Record<string, unknown> = { ...keys };
  for (const [name, property] of Object.entries(contract)) {
    if (property.kind === "read" || property.kind === "key" || isCredential(property)) continue;
    const value = entry(current, name);
    if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) continue;
    properties[name] = property.type.endsWith("[]") && !Array.isArray(value) ? [value] : value;
  }
  return properties;
}

function wellFormed(property: PropertyContract): unknown {
  const element = property.values?.find((value) => value !== "") ?? scalars[property.type.replace("[]", "")] ?? 0;
  return property.type.endsWith("[]") ? [element] : element;
}

const scalars: Record<string, unknown> = { string: "C:\\", boolean: false };
