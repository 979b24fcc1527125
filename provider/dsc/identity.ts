import { createHash } from "node:crypto";
import { UserError } from "../engine/userError.ts";
import { type ClassContract, entry, keyOf, moduleContract, resourceContract } from "./contract.ts";

/** What an id says: which DSC resource, and the values of its key properties. */
export interface Identity {
  module: string;
  resource: string;
  keys: Record<string, string>;
}

/** Ids stay readable; the scripts that are keys of a Script resource are replaced by their hash. */
const longestReadableKeys = 300;

/**
 * `module/resource/key values`, for example `WebAdministrationDsc/WebSite/Default Web Site`; keys in the order of the module's
 * schema, `/` and `%` in them percent-encoded. It survives every change of the other properties.
 */
export function identityOf(module: string, resource: string, properties: Record<string, unknown>): string {
  const contract = contractOf(module, resource);
  const values = keyNames(contract).map((key) => encode(String(entry(properties, key) ?? "")));
  const keys = values.join("/");
  return [module, resource, keys.length > longestReadableKeys ? sha256(keys) : keys].join("/");
}

/** Reads an id that a person gave to import a resource. */
export function parseIdentity(id: string): Identity {
  const [module = "", resource = "", ...values] = id.split("/");
  const keys = keyNames(resourceContract(module, resource) ?? {});
  if (keys.length === 0 || values.length !== keys.length) {
    const shape =
      keys.length === 0
        ? "<module>/<resource>/<key values>"
        : [module, resource, ...keys.map((key) => `<${key}>`)].join("/");
    throw new UserError("DSC_IMPORT_ID", {
      what: `The id ${id} names no DSC resource that the kit knows`,
      why: "an id has the module, the resource and the value of each key property, separated by slashes",
      next: `Import with an id of the form ${shape}; write / inside a value as %2F and % as %25.`,
    });
  }
  return { module, resource, keys: Object.fromEntries(keys.map((key, index) => [key, decode(values[index] ?? "")])) };
}

/** Names of the properties whose change means another object. */
export function keyNames(contract: ClassContract): string[] {
  return Object.keys(contract).filter((name) => contract[name]?.kind === "key");
}

/** The contract of a resource that the check has let through. */
export function contractOf(module: string, resource: string): ClassContract {
  const contract = resourceContract(module, resource);
  if (contract === undefined) {
    throw new UserError("DSC_UNKNOWN_RESOURCE", {
      what: `${module}/${resource} is not a DSC resource that the kit knows`,
      why: "its contract is not in provider/dsc/contracts.json",
      next: `Use one of ${Object.keys(moduleContract(module)?.resources ?? {}).join(", ") || "the modules listed there"}.`,
    });
  }
  return contract;
}

/** `[WebSite]Default Web Site`, as DSC itself names an instance in messages. */
export function displayName(resource: string, properties: Record<string, unknown>, contract: ClassContract): string {
  const key = keyNames(contract)[0];
  const name = key === undefined ? undefined : keyOf(properties, key);
  const value = name === undefined ? "" : String(properties[name]);
  return `[${resource}]${value.length > 80 ? `${value.slice(0, 77)}...` : value}`;
}

function encode(value: string): string {
  return value.replaceAll("%", "%25").replaceAll("/", "%2F");
}

function decode(value: string): string {
  return value.replaceAll(/%2F/gi, "/").replaceAll("%25", "%");
}

function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
