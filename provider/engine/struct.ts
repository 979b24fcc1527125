import { type Struct, type StructValue, structs } from "./protocol.ts";
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

/** The key and the values that mark a special object on the wire; constants of the Pulumi protocol. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  reference: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

/** Strings that stand for a value of some type which is not known yet; constants of the Pulumi protocol. */
const unknownStrings = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

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
