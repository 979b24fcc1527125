import { readFileSync } from "node:fs";
import { findKey } from "../names.ts";
import { WindowsError } from "../windowsError.ts";
import type { Properties } from "./semantics.ts";

interface PropertyContract {
  type: string;
  kind: "key" | "required" | "write" | "read";
  values?: string[];
  embedded?: string;
}

interface ModuleContract {
  version: string;
  resources: Record<string, Record<string, PropertyContract>>;
  embedded: Record<string, Record<string, PropertyContract>>;
}

// The modules' own schemas, extracted from their schema.mof files; the same file the provider generates its helpers from.
const contracts = JSON.parse(
  readFileSync(new URL("../../../provider/dsc/contracts.json", import.meta.url), "utf8"),
) as Record<string, ModuleContract>;

export function findModule(name: string): { name: string; contract: ModuleContract } {
  const key = name.startsWith("$") ? undefined : findKey(contracts, name);
  const contract = key === undefined ? undefined : contracts[key];
  if (key === undefined || contract === undefined)
    throw new WindowsError(`The module '${name}' is not known here.`, { code: "MODULE_NOT_FOUND" });
  return { name: key, contract };
}

/** Every module that can be installed on the simulated host, with the one version it is simulated in. */
export function knownModules(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(contracts)
      .filter(([name]) => !name.startsWith("$"))
      .map(([name, contract]) => [name, contract.version]),
  );
}

/**
 * What PowerShell's parameter binding does: every property must exist, have its type and an allowed value; keys and required
 * properties must be there. Answers the properties in the contract's spelling, credentials and embedded instances unwrapped.
 */
export function bindProperties(
  moduleName: string,
  resourceName: string,
  given: Properties,
): { resource: string; properties: Properties } {
  const { name: module, contract } = findModule(moduleName);
  const resource = findKey(contract.resources, resourceName);
  const schema = resource === undefined ? undefined : contract.resources[resource];
  if (resource === undefined || schema === undefined) {
    throw new WindowsError(`The module ${module} has no DSC resource '${resourceName}'.`, {
      code: "RESOURCE_NOT_FOUND",
    });
  }
  const properties = bind(contract, schema, given, `${resource}`);
  for (const [name, property] of Object.entries(schema)) {
    if ((property.kind === "key" || property.kind === "required") && properties[name] === undefined) {
      throw refused(
        `Cannot process command because of one or more missing mandatory parameters: ${name} of ${resource}.`,
      );
    }
  }
  return { resource, properties };
}

function bind(
  contract: ModuleContract,
  schema: Record<string, PropertyContract>,
  given: Properties,
  where: string,
): Properties {
  const bound: Properties = {};
  for (const [name, value] of Object.entries(given)) {
    const key = findKey(schema, name);
    const property = key === undefined ? undefined : schema[key];
    if (key === undefined || property === undefined || property.kind === "read") {
      throw refused(`A parameter cannot be found that matches parameter name '${name}' of ${where}.`);
    }
    if (bound[key] !== undefined) throw refused(`The parameter '${key}' of ${where} is given more than once.`);
    if (value !== null) bound[key] = bindValue(contract, property, value, `${where}.${key}`);
  }
  return bound;
}

function bindValue(contract: ModuleContract, property: PropertyContract, value: unknown, where: string): unknown {
  if (!property.type.endsWith("[]")) {
    if (Array.isArray(value)) throw refused(`Cannot convert a list to the type of ${where}, which takes one value.`);
    return bindSingle(contract, property, value, property.type, where);
  }
  // PowerShell makes a list of a single value.
  const items = Array.isArray(value) ? value : [value];
  return items.map((item, index) =>
    bindSingle(contract, property, item, property.type.slice(0, -2), `${where}[${index}]`),
  );
}

function bindSingle(
  contract: ModuleContract,
  property: PropertyContract,
  value: unknown,
  type: string,
  where: string,
): unknown {
  if (property.embedded === "MSFT_Credential") return bindCredential(value, where);
  if (property.embedded !== undefined) return bindInstance(contract, property.embedded, value, where);
  if (typeof value === "object") throw refused(`Cannot convert an object to the type ${type} of ${where}.`);
  if (type === "boolean") {
    if (typeof value !== "boolean") throw refused(`Cannot convert '${value}' to a boolean for ${where}.`);
    return value;
  }
  if (/^[us]int\d+$/.test(type)) return bindNumber(value, type, where);
  const string = String(value);
  const allowed = property.values;
  if (allowed === undefined) return string;
  const spelled = allowed.find((candidate) => candidate.toLowerCase() === string.toLowerCase());
  if (spelled === undefined)
    throw refused(
      `Cannot validate ${where}: '${string}' is not one of ${allowed.map((item) => `'${item}'`).join(", ")}.`,
    );
  return spelled;
}

function bindNumber(value: unknown, type: string, where: string): number {
  const number = typeof value === "number" ? value : /^\d+$/.test(String(value)) ? Number(value) : Number.NaN;
  const bits = Number(/\d+/.exec(type)?.[0]);
  if (!Number.isInteger(number) || number < 0 || number >= 2 ** bits)
    throw refused(`Cannot convert '${value}' to ${type} for ${where}.`);
  return number;
}

function bindCredential(value: unknown, where: string): unknown {
  const credential = (value as { $credential?: { userName?: unknown; password?: unknown } } | null)?.$credential;
  if (typeof credential?.userName !== "string" || typeof credential.password !== "string") {
    throw refused(`Cannot convert the value of ${where} to PSCredential.`);
  }
  return { userName: credential.userName, password: credential.password };
}

function bindInstance(contract: ModuleContract, className: string, value: unknown, where: string): unknown {
  const instance = value as { $cim?: unknown; properties?: Properties } | null;
  const schema = contract.embedded[className];
  if (instance?.$cim !== className || instance.properties === undefined || schema === undefined) {
    throw refused(`Cannot convert the value of ${where} to a CIM instance of ${className}.`);
  }
  return bind(contract, schema, instance.properties, `${where} (${className})`);
}

function refused(message: string): WindowsError {
  return new WindowsError(message, { hresult: "invalidArgument" });
}

/** The value of the resource's first key that was given, by which DSC names an instance; empty when there is none. */
export function keyOf(moduleName: string, resourceName: string, given: Properties): string {
  const { contract } = findModule(moduleName);
  const schema = contract.resources[findKey(contract.resources, resourceName) ?? ""] ?? {};
  const keys = Object.keys(schema).filter((name) => schema[name]?.kind === "key");
  const first = keys.map((name) => findKey(given, name)).find((name) => name !== undefined);
  return first === undefined ? "" : String(given[first]);
}
