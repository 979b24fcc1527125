import { isObject } from "../engine/values.ts";
import { type ClassContract, embeddedContract, entry, isCredential, keyOf, type PropertyContract } from "./contract.ts";

/**
 * The declared properties as the host has them, spelled as declared wherever the meaning is the same: enums and names without
 * case, numbers and numeric text alike, lists without order. Credentials stay as declared, because DSC never gives them back.
 * A property that the host reports as empty is left out; one that Get does not report stays as declared.
 */
export function asFound(
  module: string,
  contract: ClassContract,
  declared: Record<string, unknown>,
  current: Record<string, unknown>,
): Record<string, unknown> {
  const absent = isAbsent(declared, current);
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(declared)) {
    const property = entry(contract, name);
    const present = entry(current, name);
    const comparable =
      property !== undefined && property.kind !== "key" && !isCredential(property) && present !== undefined;
    // The properties of an object that is not there say nothing: its absence is the one difference.
    if (!comparable || (absent && name.toLowerCase() !== "ensure")) found[name] = value;
    else if (sameMeaning(module, property, value, present)) found[name] = value;
    else if (!isEmpty(present)) found[name] = inTermsOf(property, value, present);
  }
  if (absent && keyOf(declared, "Ensure") === undefined) found.Ensure = "Absent";
  return found;
}

/** Names of the properties in which `asFound` had to depart from the declaration. */
export function differingProperties(declared: Record<string, unknown>, found: Record<string, unknown>): string[] {
  return Object.keys({ ...declared, ...found }).filter((name) => found[name] !== declared[name]);
}

/** Everything that Get returned, without credentials and without what is empty. */
export function withoutCredentials(contract: ClassContract, current: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(current).filter(([name, value]) => {
      const property = entry(contract, name);
      return value !== null && value !== undefined && (property === undefined || !isCredential(property));
    }),
  );
}

/** The object is not there although the declaration wants it (`Ensure` is `Present` unless it says otherwise). */
function isAbsent(declared: Record<string, unknown>, current: Record<string, unknown>): boolean {
  return sameText(entry(current, "Ensure"), "Absent") && !sameText(entry(declared, "Ensure"), "Absent");
}

function sameMeaning(module: string, property: PropertyContract, declared: unknown, found: unknown): boolean {
  if (isEmpty(declared) && isEmpty(found)) return true;
  if (Array.isArray(declared)) return sameSet(module, property, declared, Array.isArray(found) ? found : [found]);
  // PowerShell turns a list of one into its element on the way out of a function.
  const single = Array.isArray(found) && found.length === 1 ? found[0] : found;
  if (isObject(declared) && isObject(single)) return sameInstance(module, property, declared, single);
  return sameText(declared, single);
}

function sameSet(module: string, property: PropertyContract, declared: unknown[], found: unknown[]): boolean {
  const rest = found.filter((element) => !isEmpty(element));
  for (const element of declared) {
    const index = rest.findIndex((each) => sameMeaning(module, property, element, each));
    if (index < 0) return false;
    rest.splice(index, 1);
  }
  return rest.length === 0;
}

/** An embedded instance agrees when each of its declared properties does; what was not declared may be anything. */
function sameInstance(
  module: string,
  property: PropertyContract,
  declared: Record<string, unknown>,
  found: Record<string, unknown>,
): boolean {
  const contract = embeddedContract(module, property.embedded ?? "") ?? {};
  return Object.entries(declared).every(([name, value]) => {
    const inner = entry(contract, name) ?? { type: "string", kind: "write" };
    return isCredential(inner) || sameMeaning(module, inner, value, entry(found, name));
  });
}

/** What was found, in the types of the contract and with only those properties of embedded instances that are declared. */
function inTermsOf(property: PropertyContract, declared: unknown, found: unknown): unknown {
  if (property.type.endsWith("[]") && !Array.isArray(found)) return inTermsOf(property, declared, [found]);
  if (Array.isArray(found)) {
    const model = Array.isArray(declared) ? Object.assign({}, ...declared.filter(isObject)) : declared;
    return found.map((element) => inTermsOf({ ...property, type: property.type.replace("[]", "") }, model, element));
  }
  if (isObject(found) && isObject(declared)) {
    const names = Object.keys(declared).filter((name) => !isEmpty(entry(found, name)));
    return Object.fromEntries(names.map((name) => [name, entry(found, name)]));
  }
  if (/int\d/.test(property.type) && typeof found === "string" && found.trim() !== "" && !Number.isNaN(Number(found))) {
    return Number(found);
  }
  return found;
}

function sameText(a: unknown, b: unknown): boolean {
  return String(a ?? "").toLowerCase() === String(b ?? "").toLowerCase();
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
