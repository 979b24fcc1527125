import { cannotTell, type Finding, inWords, violation } from "../../rule.ts";
import type { Stack, StackResource } from "../../stack.ts";
import { elements, lower, UNKNOWN } from "../../values.ts";
import { dscProperty, dscResources } from "./dscResources.ts";

/** A DWORD that the host's registry has to hold. */
export interface RegistrySetting {
  /** End of the key, in any case of letters. */
  key: string;
  valueName: string;
  value: number;
}

/** What is wrong with settings of the host's registry, as the stack's DSC resources declare them and have read them. */
export function registryFindings(stack: Stack, settings: readonly RegistrySetting[], mend: string): Finding[] {
  const declared = dscResources(stack, "xRegistry", "Registry");
  return settings.flatMap((setting): Finding[] => {
    const text = `${setting.key}\\${setting.valueName}`;
    const found = declared.find((each) => isSetting(each, setting));
    if (found === undefined) {
      const unread = declared.find((each) =>
        [dscProperty(each, "Key"), dscProperty(each, "ValueName")].includes(UNKNOWN),
      );
      return [
        unread === undefined
          ? violation(undefined, `nothing sets ${text} to ${setting.value}`, mend)
          : cannotTell(unread.urn, `whether ${text} is ${setting.value}`, undefined, "properties.ValueName"),
      ];
    }
    const property = "properties.ValueData";
    const data = dscProperty(found, "ValueData");
    const [value] = Array.isArray(data) ? elements(data) : [data];
    if (value === UNKNOWN) return [cannotTell(found.urn, `whether ${text} is ${setting.value}`, undefined, property)];
    const ensure = dscProperty(found, "Ensure");
    if (lower(ensure) === "absent") {
      const what = `${text} is taken away instead of set to ${setting.value}`;
      return [violation(found.urn, what, mend, { property: "properties.Ensure", value: ensure })];
    }
    if (String(value) === String(setting.value)) return [];
    const what = `${text} is ${inWords(value)}, not ${setting.value}`;
    return [violation(found.urn, what, mend, { property, value })];
  });
}

function isSetting(resource: StackResource, { key, valueName }: RegistrySetting): boolean {
  return (
    (lower(dscProperty(resource, "Key"))?.endsWith(key.toLowerCase()) ?? false) &&
    lower(dscProperty(resource, "ValueName")) === valueName.toLowerCase()
  );
}
