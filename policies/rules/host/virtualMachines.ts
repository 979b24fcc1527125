import { at, lower, type Properties, UNKNOWN } from "../../values.ts";

export const virtualMachine = "azure-native:compute:VirtualMachine";
export const virtualMachineExtension = "azure-native:compute:VirtualMachineExtension";

/** True for a Windows machine, false for another one, `UNKNOWN` when a preview cannot tell. */
export function isWindows(properties: Properties): boolean | typeof UNKNOWN {
  const configuration = at(properties, "osProfile", "windowsConfiguration");
  if (configuration !== undefined && configuration !== null && configuration !== UNKNOWN) return true;
  const osType = at(properties, "storageProfile", "osDisk", "osType");
  if (typeof osType === "string") return lower(osType) === "windows";
  const publisher = at(properties, "storageProfile", "imageReference", "publisher");
  if (typeof publisher === "string") return publisher === "MicrosoftWindowsServer";
  return [configuration, osType, publisher].includes(UNKNOWN) ? UNKNOWN : false;
}
