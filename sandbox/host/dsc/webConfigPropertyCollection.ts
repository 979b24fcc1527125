import { expand } from "../drive.ts";
import {
  assertLocation,
  assertWritable,
  type ConfigurationValue,
  contentAt,
  display,
  findAttribute,
  findSection,
  locationOf,
  parseValue,
  readItems,
  shownItem,
} from "../iis/configuration.ts";
import { requireIis } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import { WindowsError } from "../windowsError.ts";
import { type DscSemantics, type Properties, required, sameValue, text, wantsPresent } from "./semantics.ts";

/** One attribute of one element of a section's collection. */
export const webConfigPropertyCollection: DscSemantics = {
  get(machine, properties) {
    const keys = [
      "WebsitePath",
      "Filter",
      "CollectionName",
      "ItemName",
      "ItemKeyName",
      "ItemKeyValue",
      "ItemPropertyName",
    ];
    const value = read(machine, properties);
    return {
      ...Object.fromEntries(keys.map((key) => [key, required(properties, key)])),
      Ensure: value === undefined ? "Absent" : "Present",
      ItemPropertyValue: value === undefined ? null : display(value),
    };
  },

  test(machine, properties) {
    const value = read(machine, properties);
    if (!wantsPresent(properties)) return value === undefined;
    return value !== undefined && sameValue(display(value), text(properties, "ItemPropertyValue") ?? "");
  },

  set(machine, properties) {
    const { iis, location, section, schema, attribute, element, keyName } = place(machine, properties);
    assertWritable(section, location);
    const content = contentAt(iis, location, section, true);
    const keyValue = required(properties, "ItemKeyValue");
    const hasKey = (key: string) => (item: Record<string, ConfigurationValue>) =>
      sameName(String(shownItem(schema, item)[keyName] ?? ""), key);
    const matches = hasKey(keyValue);
    if (content === undefined) return false;
    if (!wantsPresent(properties)) {
      content.items = content.items.filter((item) => !matches(item));
      return false;
    }
    const value = parseValue(
      attribute.schema,
      text(properties, "ItemPropertyValue") ?? "",
      `${section}/${element}/@${attribute.name}`,
    );
    const item = content.items.find(matches);
    // The module looks for the key as it is written, IIS compares what is left after expansion.
    if (item === undefined && content.items.some(hasKey(expand(keyValue)))) {
      throw new WindowsError(
        `Cannot add duplicate collection entry of type '${element}' with unique key attribute '${keyName}' set to '${keyValue}'.`,
        { hresult: "alreadyExists" },
      );
    }
    if (item === undefined) content.items.push({ [keyName]: keyValue, [attribute.name]: value });
    else item[attribute.name] = value;
    return false;
  },
};

function read(machine: Machine, properties: Properties): ConfigurationValue | undefined {
  const { iis, location, section, attribute, keyName } = place(machine, properties);
  const item = readItems(iis, location, section).find((candidate) =>
    sameName(String(candidate[keyName] ?? ""), required(properties, "ItemKeyValue")),
  );
  return item === undefined ? undefined : (item[attribute.name] ?? attribute.schema.default);
}

function place(machine: Machine, properties: Properties) {
  const iis = requireIis(machine.windows);
  const location = locationOf(required(properties, "WebsitePath"));
  assertLocation(iis, location);
  const filter = required(properties, "Filter");
  const collection = required(properties, "CollectionName");
  const { name, schema } = findSection(filter === "." ? collection : `${filter}/${collection}`);
  if (schema.element === undefined || !sameName(schema.element.name, required(properties, "ItemName"))) {
    throw new WindowsError(`'${name}' has no elements '${required(properties, "ItemName")}'.`, {
      hresult: "invalidArgument",
    });
  }
  const attributes = schema.element.attributes;
  return {
    iis,
    location,
    section: name,
    schema,
    element: schema.element.name,
    keyName: findAttribute(attributes, required(properties, "ItemKeyName"), name).name,
    attribute: findAttribute(attributes, required(properties, "ItemPropertyName"), name),
  };
}
