import { isObject } from "../engine/values.ts";
import { type ClassContract, embeddedContract, entry, keyOf, type PropertyContract } from "./contract.ts";
import type { WireValue } from "./protocol.ts";

/** Declared properties as the agent takes them: the module's own spelling, credentials and embedded instances marked as such. */
export function toWire(
  module: string,
  contract: ClassContract,
  properties: Record<string, unknown>,
): Record<string, WireValue> {
  const wire: Record<string, WireValue> = {};
  for (const [name, value] of Object.entries(properties)) {
    const key = keyOf(contract, name) ?? name;
    wire[key] = wireValue(module, entry(contract, name), value);
  }
  return wire;
}

function wireValue(module: string, property: PropertyContract | undefined, value: unknown): WireValue {
  if (Array.isArray(value)) return value.map((element) => wireValue(module, property, element));
  const className = property?.embedded;
  if (className === undefined || !isObject(value)) return value as WireValue;
  if (className === "MSFT_Credential") {
    return { $credential: { userName: String(value.userName), password: String(value.password) } };
  }
  return { $cim: className, properties: toWire(module, embeddedContract(module, className) ?? {}, value) };
}
