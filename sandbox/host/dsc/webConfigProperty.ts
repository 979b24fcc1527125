import {
  assertLocation,
  assertWritable,
  type ConfigurationValue,
  contentAt,
  display,
  findAttribute,
  findSection,
  locationOf,
  readAttribute,
  writeAttribute,
} from "../iis/configuration.ts";
import { requireIis } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { type DscSemantics, type Properties, required, sameValue, wantsPresent } from "./semantics.ts";

/** One attribute of one configuration section. */
export const webConfigProperty: DscSemantics = {
  get(machine, properties) {
    const value = read(machine, properties);
    return {
      WebsitePath: required(properties, "WebsitePath"),
      Filter: required(properties, "Filter"),
      PropertyName: required(properties, "PropertyName"),
      // The module (4.2.1) decides presence by truth: false, 0 and the empty text read as absent.
      Ensure: value === false || value === 0 || value === "" ? "Absent" : "Present",
      Value: value,
    };
  },

  test(machine, properties) {
    const value = display(read(machine, properties));
    return wantsPresent(properties) ? sameValue(value, required(properties, "Value")) : value === "";
  },

  set(machine, properties) {
    const { iis, location, section, attribute } = place(machine, properties);
    assertWritable(section, location);
    if (wantsPresent(properties)) writeAttribute(iis, location, section, attribute, required(properties, "Value"));
    else delete contentAt(iis, location, section)?.attributes[attribute];
    return false;
  },
};

function read(machine: Machine, properties: Properties): ConfigurationValue {
  const { iis, location, section, attribute } = place(machine, properties);
  return readAttribute(iis, location, section, attribute);
}

function place(machine: Machine, properties: Properties) {
  const iis = requireIis(machine.windows);
  const location = locationOf(required(properties, "WebsitePath"));
  assertLocation(iis, location);
  const { name, schema } = findSection(required(properties, "Filter"));
  const attribute = findAttribute(schema.attributes, required(properties, "PropertyName"), name).name;
  return { iis, location, section: name, attribute };
}
