import { UserError } from "../engine/userError.ts";
import { attributeSpans, contentSpan, elements, parsePositioned, type XmlElement } from "./xml.ts";

/** The settings that a web.config may hold, by name, as far as the kit manages them. */
export interface Settings {
  appSettings: Record<string, string>;
  applicationSettings: Record<string, string>;
}

/** The `add` element of one key of appSettings; keys are compared without case, as ASP.NET does. */
export interface AppSetting {
  key: string;
  value: string;
  element: XmlElement;
}

/** One `setting` below applicationSettings. */
export interface ApplicationSetting {
  name: string;
  value: string;
  element: XmlElement;
}

/** A parsed web.config: positions refer to `text`. */
export interface ConfigDocument {
  path: string;
  text: string;
  root: XmlElement;
  /** Undefined when the file has no such section. */
  appSettings: XmlElement | undefined;
}

/**
 * Parses the text of a web.config.
 * @throws UserError when it is no such file, has a section twice, or keeps the section in another file.
 */
export function parseConfig(text: string, path: string): ConfigDocument {
  const root = parsePositioned(text, path);
  if (root.name !== "configuration") {
    throw refuse(
      "CONFIG_NOT_A_CONFIGURATION",
      `${path} is not a configuration file`,
      `its root element is <${root.name}>`,
      "Check the path.",
    );
  }
  const [appSettings, second] = elements(root, "appSettings");
  if (second !== undefined) {
    const why = "ASP.NET refuses a section that appears twice";
    throw refuse(
      "CONFIG_SECTION_TWICE",
      `${path} has the section appSettings twice`,
      why,
      "Merge the two on the host.",
    );
  }
  const elsewhere = appSettings?.attributes.configSource;
  if (elsewhere !== undefined) {
    const why = `its appSettings stand in ${elsewhere}`;
    throw refuse(
      "CONFIG_SECTION_ELSEWHERE",
      `${path} does not hold its own settings`,
      why,
      "Name that file as the path.",
    );
  }
  return { path, text, root, appSettings };
}

/** True when ASP.NET has to decrypt appSettings before it can read them. */
export function isEncrypted(document: ConfigDocument): boolean {
  return document.appSettings?.attributes.configProtectionProvider !== undefined;
}

/**
 * The setting of this key.
 * @throws UserError `CONFIG_DUPLICATE_KEY` when the key is there twice, or a later `clear` or `remove` voids it.
 */
export function findAppSetting(document: ConfigDocument, key: string): AppSetting | undefined {
  let found: AppSetting | undefined;
  for (const element of document.appSettings === undefined ? [] : elements(document.appSettings)) {
    const named = element.attributes.key?.toLowerCase() === key.toLowerCase();
    if (element.name === "add" && named) {
      if (found !== undefined) throw duplicate(document.path, key, "it appears twice");
      found = { key: element.attributes.key ?? key, value: element.attributes.value ?? "", element };
    } else if (found !== undefined && (element.name === "clear" || (element.name === "remove" && named))) {
      throw duplicate(document.path, key, `a <${element.name}> behind it takes it away again`);
    }
  }
  return found;
}

/** Every key of appSettings with its value; of a key that appears twice, the last, which is the one in force. */
export function allAppSettings(document: ConfigDocument): Record<string, string> {
  const added = document.appSettings === undefined ? [] : elements(document.appSettings, "add");
  return Object.fromEntries(
    added
      .filter((element) => element.attributes.key !== undefined)
      .map(({ attributes }) => [attributes.key ?? "", attributes.value ?? ""]),
  );
}

/** Every setting of every section below applicationSettings. */
export function allApplicationSettings(document: ConfigDocument): ApplicationSetting[] {
  return elements(document.root, "applicationSettings")
    .flatMap((group) => elements(group))
    .flatMap((section) => elements(section, "setting"))
    .map((element) => ({
      name: element.attributes.name ?? "",
      value: elements(element, "value")[0]?.text ?? "",
      element,
    }));
}

/** The one setting whose name ends so; undefined when there is none. @throws UserError `CONFIG_SETTING_AMBIGUOUS`. */
export function findApplicationSetting(document: ConfigDocument, suffix: string): ApplicationSetting | undefined {
  const matches = allApplicationSettings(document).filter(({ name }) => name.endsWith(suffix));
  if (matches.length > 1) {
    throw refuse(
      "CONFIG_SETTING_AMBIGUOUS",
      `Several application settings of ${document.path} end in ${suffix}`,
      `they are ${matches.map(({ name }) => name).join(", ")}`,
      "Give a longer end of the name, so that exactly one matches.",
    );
  }
  return matches[0];
}

/** The error for a suffix that matches nothing: a setting cannot be added, because its section's name is the product's own. */
export function missingApplicationSetting(document: ConfigDocument, suffix: string): UserError {
  const names = allApplicationSettings(document).map(({ name }) => name);
  const present = names.length === 0 ? "it has no application settings" : `it has ${names.join(", ")}`;
  return refuse(
    "CONFIG_SETTING_MISSING",
    `No application setting of ${document.path} ends in ${suffix}`,
    present,
    "Check that this is the file of the right application, and how the setting is spelled in it.",
  );
}

/** Where a value stands in the text: inside an attribute's quotes or between an element's tags. Undefined: it is not written out. */
export function valueSpan(document: ConfigDocument, setting: AppSetting) {
  return attributeSpans(document.text, setting.element).get("value");
}

/** Where a setting's `<value>` has its content. */
export function contentOf(document: ConfigDocument, setting: ApplicationSetting) {
  const value = elements(setting.element, "value")[0];
  return value === undefined ? undefined : { element: value, span: contentSpan(document.text, value) };
}

function duplicate(path: string, key: string, why: string): UserError {
  return refuse(
    "CONFIG_DUPLICATE_KEY",
    `The key ${key} of appSettings in ${path} is not clear`,
    why,
    "Leave one <add> of it in the file.",
  );
}

function refuse(code: string, what: string, why: string, next: string): UserError {
  return new UserError(code, { what, why, next });
}
