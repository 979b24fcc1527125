import type { CheckFailure } from "../engine/definition.ts";
import { formatPath, isUnknown } from "../engine/values.ts";
import { isXmlText } from "./escape.ts";
import type { ConfigFileInputs } from "./schema.ts";

/** What no XML file could hold, and names that would meet at one place of the file. */
export function checkSettings(inputs: ConfigFileInputs): CheckFailure[] {
  return (["appSettings", "applicationSettings"] as const).flatMap((section) => {
    const settings = inputs[section];
    if (isUnknown(settings)) return [];
    const names = Object.keys(settings);
    const meets = (a: string, b: string) =>
      section === "appSettings" ? a.toLowerCase() === b.toLowerCase() : a.endsWith(b) || b.endsWith(a);
    return names.flatMap((name, index) => {
      const property = formatPath([section, name]);
      const value = settings[name] as unknown;
      const failures: CheckFailure[] = [];
      if (!isXmlText(name) || (typeof value === "string" && !isXmlText(value))) {
        failures.push({ property, reason: "It has a control character, which XML cannot carry." });
      }
      const other = names.slice(0, index).find((each) => meets(each, name));
      if (other !== undefined)
        failures.push({ property, reason: `It and ${other} mean the same setting of the file.` });
      return failures;
    });
  });
}
