import { distance } from "fastest-levenshtein";
import type { CheckFailure } from "../engine/definition.ts";
import { formatPath, isObject, isUnknown, type Path } from "../engine/values.ts";
import {
  type ClassContract,
  embeddedContract,
  entry,
  keyOf,
  moduleContract,
  moduleContracts,
  type PropertyContract,
} from "./contract.ts";
import type { DscResourceInputs } from "./schema.ts";

/**
 * Everything in the inputs that the module would refuse, each with what it accepts. Unknown values pass: they are checked again
 * when they are known. Values are never quoted, because a property may hold a secret.
 */
export function checkInputs(inputs: DscResourceInputs): CheckFailure[] {
  if (isUnknown(inputs.module) || isUnknown(inputs.resource)) return [];
  const module = moduleContract(inputs.module);
  if (module === undefined) {
    return [{ property: "module", reason: unknownName("module", inputs.module, Object.keys(moduleContracts)) }];
  }
  const resource = entry(module.resources, inputs.resource);
  if (resource === undefined) {
    const reason = unknownName(`DSC resource of ${inputs.module}`, inputs.resource, Object.keys(module.resources));
    return [{ property: "resource", reason }];
  }
  if (isUnknown(inputs.properties)) return [];
  if (inputs.onDestroy !== "keep" && resource.Ensure?.kind !== "write") {
    const reason = `${inputs.resource} has no Ensure property, so nothing can be reverted; leave onDestroy out.`;
    return [{ property: "onDestroy", reason }];
  }
  return checkClass(inputs.resource, resource, inputs.properties, ["properties"], inputs.module);
}

function checkClass(
  name: string,
  contract: ClassContract,
  values: Record<string, unknown>,
  path: Path,
  module: string,
): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [key, value] of Object.entries(values)) {
    const property = entry(contract, key);
    const at = [...path, key];
    if (property === undefined) {
      const settable = Object.keys(contract).filter((each) => contract[each]?.kind !== "read");
      failures.push({ property: formatPath(at), reason: unknownName(`property of ${name}`, key, settable) });
    } else if (property.kind === "read") {
      failures.push({ property: formatPath(at), reason: `${key} of ${name} is read-only: it cannot be declared.` });
    } else if (!isUnknown(value)) {
      failures.push(...checkValue(property, value, at, module));
    }
  }
  for (const [key, property] of Object.entries(contract)) {
    const needed = property.kind === "key" || property.kind === "required";
    if (needed && keyOf(values, key) === undefined) {
      const why = property.kind === "key" ? "identifies the instance" : "is required by the module";
      failures.push({ property: formatPath([...path, key]), reason: `${key} of ${name} is missing: it ${why}.` });
    }
  }
  return failures;
}

function checkValue(property: PropertyContract, value: unknown, path: Path, module: string): CheckFailure[] {
  if (!property.type.endsWith("[]")) return checkElement(property, value, path, module);
  if (!Array.isArray(value)) return [failure(path, `is ${kindOf(value)}, but the module takes a list`)];
  return value.flatMap((element, index) =>
    isUnknown(element) ? [] : checkElement(property, element, [...path, index], module),
  );
}

function checkElement(property: PropertyContract, value: unknown, path: Path, module: string): CheckFailure[] {
  if (property.embedded !== undefined) return checkEmbedded(property.embedded, value, path, module);
  const type = property.type.replace("[]", "");
  const fault = scalarFault(type, value);
  if (fault !== undefined) return [failure(path, fault)];
  const accepted = property.values;
  if (accepted !== undefined && !accepted.some((each) => each.toLowerCase() === String(value).toLowerCase())) {
    return [failure(path, `has a value that the module does not accept; it accepts ${list(accepted)}`)];
  }
  return [];
}

function checkEmbedded(className: string, value: unknown, path: Path, module: string): CheckFailure[] {
  const contract = embeddedContract(module, className);
  if (contract === undefined) return [];
  const wanted =
    className === "MSFT_Credential" ? "{userName, password}" : `an object with ${list(Object.keys(contract))}`;
  if (!isObject(value)) return [failure(path, `is ${kindOf(value)}, but the module takes ${wanted}`)];
  return checkClass(className, contract, value, path, module);
}

function scalarFault(type: string, value: unknown): string | undefined {
  if (type === "string" || type === "boolean") {
    return typeof value === type ? undefined : `is ${kindOf(value)}, but the module takes a ${type}`;
  }
  const [lowest, highest] = integerRange(type);
  if (typeof value !== "number" || !Number.isInteger(value)) {
    return `is ${kindOf(value)}, but the module takes a whole number (${type})`;
  }
  return value < lowest || value > highest ? `is outside ${lowest} to ${highest} (${type})` : undefined;
}

function integerRange(type: string): [number, number] {
  const bits = Number(type.replace(/\D/g, ""));
  return type.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

function failure(path: Path, fault: string): CheckFailure {
  return { property: formatPath(path), reason: `It ${fault}.` };
}

function unknownName(kind: string, name: string, known: string[]): string {
  const nearest = known
    .map((each) => ({ each, edits: distance(each.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)[0];
  const hint =
    nearest !== undefined && nearest.edits <= Math.max(2, name.length / 3) ? ` Did you mean ${nearest.each}?` : "";
  return `"${name}" is no ${kind}.${hint} Known: ${known.join(", ")}.`;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function list(values: readonly string[]): string {
  return values.map((value) => (value === "" ? '""' : value)).join(", ");
}
