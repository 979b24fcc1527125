import { type Struct, type StructValue, structs } from "./protocol.ts";
import { signatureKey, signatures, unknownString, unknownStrings } from "./signatures.ts";
import {
  Archive,
  Asset,
  formatPath,
  isObject,
  type Path,
  type Properties,
  ResourceReference,
  Secret,
  UNKNOWN,
  type Value,
} from "./values.ts";

/** The properties of a message; an unset message has none. */
export function decodeProperties(struct: Struct | undefined): Properties {
  const entries = [...(struct?.getFieldsMap().entries() ?? [])];
  return Object.fromEntries(entries.map(([name, value]: [string, StructValue]) => [name, decodeValue(value)]));
}

/** The message for these properties. Throws for what the protocol cannot carry, naming the property. */
export function encodeProperties(properties: object): Struct {
  return encodeStruct(properties, []);
}

/** A value from its plain JSON form, in which secrets and other special objects are marked as on the wire. */
export function decodePlain(value: unknown): Value {
  if (typeof value === "string") return unknownStrings.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map(decodePlain);
  if (!isObject(value)) return value as Value;
  return decodeSpecial(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, decodePlain(each)])));
}

function decodeValue(value: StructValue): Value {
  switch (value.getKindCase()) {
    case structs.Value.KindCase.BOOL_VALUE:
      return value.getBoolValue();
    case structs.Value.KindCase.NUMBER_VALUE:
      return value.getNumberValue();
    case structs.Value.KindCase.STRING_VALUE: {
      const text = value.getStringValue();
      return unknownStrings.has(text) ? UNKNOWN : text;
    }
    case structs.Value.KindCase.LIST_VALUE:
      return (value.getListValue()?.getValuesList() ?? []).map(decodeValue);
    case structs.Value.KindCase.STRUCT_VALUE:
      return decodeSpecial(decodeProperties(value.getStructValue()));
    default:
      return null;
  }
}

function decodeSpecial(object: Properties): Value {
  switch (object[signatureKey]) {
    case undefined:
      return object;
    case signatures.secret:
      return new Secret(object.value ?? null);
    case signatures.output: {
      const value = "value" in object ? (object.value ?? null) : UNKNOWN;
      return object.secret === true ? new Secret(value) : value;
    }
    case signatures.reference:
      return new ResourceReference(
        String(object.urn),
        object.id === "" ? UNKNOWN : (object.id as string | typeof UNKNOWN | undefined),
        typeof object.packageVersion === "string" ? object.packageVersion : "",
      );
    case signatures.asset:
      return new Asset(textFields(object, ["text", "path", "uri", "hash"]));
    case signatures.archive: {
      const assets = object.assets as Record<string, Asset | Archive> | undefined;
      return new Archive({ ...textFields(object, ["path", "uri", "hash"]), ...(assets && { assets }) });
    }
    default:
      throw new Error(
        `The engine sent a value of a kind that this provider does not know: ${String(object[signatureKey])}`,
      );
  }
}

/** The given fields that hold text; the engine sends absent ones as empty strings. */
function textFields<K extends string>(object: Properties, names: readonly K[]): Partial<Record<K, string>> {
  const present = names.filter((name) => typeof object[name] === "string" && object[name] !== "");
  return Object.fromEntries(present.map((name) => [name, object[name]])) as Partial<Record<K, string>>;
}

function encodeStruct(properties: object, path: Path): Struct {
  const struct = new structs.Struct();
  const fields = struct.getFieldsMap();
  for (const [name, value] of Object.entries(properties)) {
    if (value !== undefined) fields.set(name, encodeValue(value, [...path, name]));
  }
  return struct;
}

function encodeValue(value: unknown, path: Path): StructValue {
  const message = new structs.Value();
  if (value === null || value === undefined) message.setNullValue(structs.NullValue.NULL_VALUE);
  else if (typeof value === "boolean") message.setBoolValue(value);
  else if (typeof value === "number") message.setNumberValue(value);
  else if (typeof value === "string") message.setStringValue(value);
  else if (value === UNKNOWN) message.setStringValue(unknownString);
  else if (Array.isArray(value)) {
    const list = new structs.ListValue();
    list.setValuesList(value.map((element, index) => encodeValue(element, [...path, index])));
    message.setListValue(list);
  } else message.setStructValue(encodeStruct(plainForm(value, path), path));
  return message;
}

/** The plain object that carries a special value. */
function plainForm(value: unknown, path: Path): object {
  if (value instanceof Secret) return { [signatureKey]: signatures.secret, value: value.value };
  if (value instanceof Asset) return { [signatureKey]: signatures.asset, ...value.source };
  if (value instanceof Archive) return { [signatureKey]: signatures.archive, ...value.source };
  if (value instanceof ResourceReference) {
    const { urn, id, packageVersion } = value;
    return { [signatureKey]: signatures.reference, urn, id: id === UNKNOWN ? "" : id, packageVersion };
  }
  if (isObject(value)) return value;
  const kind = typeof value === "object" ? (value?.constructor?.name ?? "object") : typeof value;
  throw new TypeError(`${formatPath(path)} is a ${kind}, which cannot be stored in a Pulumi state`);
}
