import { expand } from "../drive.ts";
import { findKey, sameName } from "../names.ts";
import type { IisState, SectionContent } from "../state.ts";
import { WindowsError } from "../windowsError.ts";
import { type AttributeSchema, type SectionSchema, sectionSchemas } from "./sections.ts";

export type ConfigurationValue = string | number | boolean;

/**
 * Where a configuration path of the WebAdministration module points: the server (`""`) or a site or application below it, and
 * whether a write would go into that location's own web.config.
 */
export function locationOf(path: string): string {
  const text = path.replaceAll("\\", "/").replace(/\/+$/, "");
  const match = /^(?:MACHINE\/WEBROOT\/APPHOST|MACHINE\/WEBROOT|IIS:\/Sites|IIS:)(?:\/(.*))?$/i.exec(text);
  if (match === null) {
    throw new WindowsError(`Cannot find path '${path}' because it does not exist.`, { hresult: "pathNotFound" });
  }
  return match[1] ?? "";
}

export function assertLocation(iis: IisState, location: string): void {
  const [siteName = "", ...rest] = location.split("/");
  if (location === "") return;
  const site = iis.sites[findKey(iis.sites, siteName) ?? ""];
  if (site === undefined)
    throw new WindowsError(`Cannot find path 'IIS:\\Sites\\${location}' because it does not exist.`, {
      hresult: "pathNotFound",
    });
  const application = rest.join("/");
  if (
    application !== "" &&
    findKey(site.applications, application) === undefined &&
    findKey(site.virtualDirectories, application) === undefined
  ) {
    throw new WindowsError(`Cannot find path 'IIS:\\Sites\\${location}' because it does not exist.`, {
      hresult: "pathNotFound",
    });
  }
}

/** A section's schema and its name in the schema's spelling. */
export function findSection(name: string): { name: string; schema: SectionSchema } {
  const plain = name.replace(/^\/+/, "").replace(/\/+$/, "");
  const key = findKey(sectionSchemas, plain);
  const schema = key === undefined ? undefined : sectionSchemas[key];
  if (key === undefined || schema === undefined) {
    throw new WindowsError(
      `Target configuration object '${name}' is not found: the simulated IIS does not know this section.`,
      {
        hresult: "invalidArgument",
      },
    );
  }
  return { name: key, schema };
}

export function findAttribute(
  attributes: Record<string, AttributeSchema>,
  name: string,
  where: string,
): { name: string; schema: AttributeSchema } {
  const key = findKey(attributes, name);
  const schema = key === undefined ? undefined : attributes[key];
  if (key === undefined || schema === undefined) {
    throw new WindowsError(`The property '${name}' is not found on '${where}'.`, { hresult: "invalidArgument" });
  }
  return { name: key, schema };
}

/**
 * A lock (`overrideModeDefault="Deny"`) refuses the section in a site's or application's own file. The server's file may hold it for a
 * location, which is how WebApplication and SslSettings write: they do not ask here.
 */
export function assertWritable(section: string, location: string): void {
  const { schema } = findSection(section);
  if (location !== "" && schema.locked) {
    throw new WindowsError(
      `This configuration section cannot be used at this path: '${section}' is locked at the server's level, so the configuration of '${location}' may not contain it.`,
      { hresult: "sectionLocked" },
    );
  }
}

/** The content of a section at exactly this location, made when `create` is set. */
export function contentAt(
  iis: IisState,
  location: string,
  section: string,
  create = false,
): SectionContent | undefined {
  const place = findKey(iis.configuration, location) ?? location;
  const sections = iis.configuration[place];
  if (sections?.[section] !== undefined || !create) return sections?.[section];
  const content: SectionContent = { attributes: {}, items: [] };
  iis.configuration[place] = { ...sections, [section]: content };
  return content;
}

/** The value in force at a location: its own, else its parents', else the default. */
export function readAttribute(iis: IisState, location: string, section: string, attribute: string): ConfigurationValue {
  const { name, schema } = findSection(section);
  const found = findAttribute(schema.attributes, attribute, name);
  for (const place of inheritance(location)) {
    const value = contentAt(iis, place, name)?.attributes[found.name];
    if (value !== undefined) return value;
  }
  return found.schema.default;
}

/** True when this location or a parent sets the attribute: the module shows the difference for flags. */
export function isSet(iis: IisState, location: string, section: string, attribute: string): boolean {
  return inheritance(location).some((place) => contentAt(iis, place, section)?.attributes[attribute] !== undefined);
}

/** The elements of a section's collection in force at a location, as reading shows them. */
export function readItems(iis: IisState, location: string, section: string): Record<string, ConfigurationValue>[] {
  const { name, schema } = findSection(section);
  return inheritance(location)
    .flatMap((place) => contentAt(iis, place, name)?.items ?? [])
    .map((item) => shownItem(schema, item));
}

/** An element as reading shows it: with environment variables replaced where the attribute says so. */
export function shownItem(
  schema: SectionSchema,
  item: Record<string, ConfigurationValue>,
): Record<string, ConfigurationValue> {
  const show = ([name, value]: [string, ConfigurationValue]) =>
    schema.element?.attributes[name]?.expanded === true ? [name, expand(String(value))] : [name, value];
  return Object.fromEntries(Object.entries(item).map(show));
}

export function writeAttribute(
  iis: IisState,
  location: string,
  section: string,
  attribute: string,
  value: unknown,
): void {
  const { name, schema } = findSection(section);
  const found = findAttribute(schema.attributes, attribute, name);
  const content = contentAt(iis, location, name, true) as SectionContent;
  content.attributes[found.name] = parseValue(found.schema, value, `${name}/@${found.name}`);
}

export function parseValue(schema: AttributeSchema, value: unknown, where: string): ConfigurationValue {
  const text = String(value);
  if (schema.type === "bool") {
    if (/^(true|false)$/i.test(text)) return sameName(text, "true");
    throw new WindowsError(`'${text}' is not a boolean for ${where}.`, { hresult: "invalidArgument" });
  }
  if (schema.type === "int") {
    if (/^-?\d+$/.test(text)) return Number(text);
    throw new WindowsError(`'${text}' is not a number for ${where}.`, { hresult: "invalidArgument" });
  }
  return text;
}

/** A value as .NET's ToString shows it: `True`, not `true`. */
export function display(value: ConfigurationValue): string {
  return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
}

function inheritance(location: string): string[] {
  const parts = location === "" ? [] : location.split("/");
  return [...parts.map((_, index) => parts.slice(0, parts.length - index).join("/")), ""];
}
