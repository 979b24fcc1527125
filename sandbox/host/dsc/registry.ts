import type { RegistryValue } from "../state.ts";
import { keyExists, makeKey, readValue, removeKey, removeValue, writeValue } from "../windows/registry.ts";
import { WindowsError } from "../windowsError.ts";
import { type DscSemantics, flag, list, type Properties, required, text, wantsPresent } from "./semantics.ts";

export const registry: DscSemantics = {
  get({ windows }, properties) {
    const Key = required(properties, "Key");
    if (!namesValue(properties))
      return {
        Key,
        Ensure: keyExists(windows, Key) ? "Present" : "Absent",
        ValueName: null,
        ValueType: null,
        ValueData: null,
      };
    const ValueName = required(properties, "ValueName") || "(Default)";
    const value = readValue(windows, Key, required(properties, "ValueName"));
    if (value === undefined) return { Key, Ensure: "Absent", ValueName, ValueType: null, ValueData: null };
    return { Key, Ensure: "Present", ValueName, ValueType: value.type, ValueData: value.data };
  },

  test({ windows }, properties) {
    const key = required(properties, "Key");
    if (!namesValue(properties)) return keyExists(windows, key) === wantsPresent(properties);
    const value = readValue(windows, key, required(properties, "ValueName"));
    if (!wantsPresent(properties) || value === undefined) return (value === undefined) !== wantsPresent(properties);
    const wanted = wantedValue(properties);
    const typeHolds = properties.ValueType === undefined || wanted.type === value.type;
    const dataHolds = properties.ValueData === undefined || wanted.data.join("\0") === value.data.join("\0");
    return typeHolds && dataHolds;
  },

  set(machine, properties) {
    const { windows } = machine;
    const key = required(properties, "Key");
    const name = required(properties, "ValueName");
    const present = readValue(windows, key, name);
    if (!wantsPresent(properties)) {
      if (namesValue(properties)) removeValue(windows, key, name);
      else removeKey(windows, key);
      return false;
    }
    if (!namesValue(properties)) {
      makeKey(windows, key);
      return false;
    }
    if (present !== undefined && flag(properties, "Force") !== true && registry.test(machine, properties) !== true) {
      throw new WindowsError(
        `Unable to overwrite the value '${name}' of '${key}': it exists with other data. Set Force to overwrite it.`,
        { hresult: "invalidOperation" },
      );
    }
    writeValue(windows, key, name, wantedValue(properties));
    return false;
  },
};

/** Without name, type and data the resource is about the key itself. */
function namesValue(properties: Properties): boolean {
  return (
    required(properties, "ValueName") !== "" || properties.ValueType !== undefined || properties.ValueData !== undefined
  );
}

function wantedValue(properties: Properties): RegistryValue {
  const type = (text(properties, "ValueType") ?? "String") as RegistryValue["type"];
  const data = list(properties, "ValueData") ?? [];
  if (type === "MultiString") return { type, data };
  if (data.length > 1)
    throw new WindowsError(`The value '${required(properties, "ValueName")}' of type ${type} takes one item.`, {
      hresult: "invalidArgument",
    });
  const single = data[0] ?? "";
  if (type !== "DWord" && type !== "QWord") return { type, data: [single] };
  const radix = flag(properties, "Hex") === true || /^0x/i.test(single) ? 16 : 10;
  const digits = single.replace(/^0x/i, "") || "0";
  const isNumber = radix === 16 ? /^[0-9a-f]+$/i.test(digits) : /^\d+$/.test(digits);
  if (!isNumber)
    throw new WindowsError(`The ValueData '${single}' is not of the type ${type}.`, { hresult: "invalidArgument" });
  return { type, data: [String(BigInt(radix === 16 ? `0x${digits}` : digits))] };
}
