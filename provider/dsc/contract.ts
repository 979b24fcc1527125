import contracts from "./contracts.json" with { type: "json" };

/** What a module's schema.mof says about one property. */
export interface PropertyContract {
  /** MOF type (`string`, `boolean`, `uint16`, …), `[]` behind it for arrays; embedded instances are strings in MOF. */
  type: string;
  /** `key` identifies the instance, `required` must be given, `write` may be given, `read` is only reported. */
  kind: "key" | "required" | "write" | "read";
  /** The ValueMap: nothing else is accepted. PowerShell compares without case. */
  values?: string[];
  /** CIM class of an embedded instance; `MSFT_Credential` is a PSCredential. */
  embedded?: string;
}

export type ClassContract = Record<string, PropertyContract>;

export interface ModuleContract {
  /** The version that the kit installs and calls. */
  version: string;
  /** Where the contract was read. */
  source: string;
  resources: Record<string, ClassContract>;
  embedded: Record<string, ClassContract>;
}

const { $comment: _comment, ...modules } = contracts;

/** Every module that the kit knows, by name. */
export const moduleContracts: Record<string, ModuleContract> = modules as unknown as Record<string, ModuleContract>;

/** Embedded classes that belong to Windows itself, not to a module. */
const windowsClasses: Record<string, ClassContract> = {
  MSFT_Credential: {
    userName: { type: "string", kind: "required" },
    password: { type: "string", kind: "required" },
  },
  MSFT_KeyValuePair: { Key: { type: "string", kind: "key" }, Value: { type: "string", kind: "write" } },
};

/** The contract of a resource; `undefined` when the module or the resource is unknown. Names are compared as PowerShell does: without case. */
export function resourceContract(module: string, resource: string): ClassContract | undefined {
  return entry(entry(moduleContracts, module)?.resources ?? {}, resource);
}

/** The contract of an embedded class that a module's resource refers to. */
export function embeddedContract(module: string, className: string): ClassContract | undefined {
  return windowsClasses[className] ?? entry(moduleContracts, module)?.embedded[className];
}

/** The contract of a module. */
export function moduleContract(module: string): ModuleContract | undefined {
  return entry(moduleContracts, module);
}

/** True for properties that hold a password: they are sent, but never read back or compared. */
export function isCredential(property: PropertyContract): boolean {
  return property.embedded === "MSFT_Credential";
}

/** A record's entry by a name that is compared without case. */
export function entry<T>(record: Record<string, T>, name: string): T | undefined {
  const key = keyOf(record, name);
  return key === undefined ? undefined : record[key];
}

/** A record's own spelling of a name that is compared without case. */
export function keyOf(record: object, name: string): string | undefined {
  if (Object.hasOwn(record, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(record).find((key) => key.toLowerCase() === wanted);
}
