import { findApplication, findSite, requireIis, requireSite } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { findKey, sameName } from "../names.ts";
import { WindowsError } from "../windowsError.ts";
import { type DscSemantics, type Properties, required, wantsPresent } from "./semantics.ts";

export const webVirtualDirectory: DscSemantics = {
  get(machine, properties) {
    const identity = {
      Website: required(properties, "Website"),
      WebApplication: required(properties, "WebApplication"),
      Name: required(properties, "Name"),
    };
    const physicalPath = find(machine, properties);
    return physicalPath === undefined
      ? { ...identity, Ensure: "Absent" }
      : { ...identity, PhysicalPath: physicalPath, Ensure: "Present" };
  },

  test(machine, properties) {
    const physicalPath = find(machine, properties);
    if (!wantsPresent(properties)) return physicalPath === undefined;
    return physicalPath !== undefined && sameName(physicalPath, required(properties, "PhysicalPath"));
  },

  set(machine, properties) {
    const directories = directoriesOf(machine, properties);
    const name = required(properties, "Name");
    const key = findKey(directories, name);
    if (!wantsPresent(properties)) {
      if (key !== undefined) delete directories[key];
      return false;
    }
    const physicalPath = required(properties, "PhysicalPath");
    if (key === undefined && !machine.drive.isFolder(physicalPath)) {
      throw new WindowsError(
        `Parameter 'PhysicalPath' should point to existing path: '${physicalPath}' does not exist.`,
        { hresult: "pathNotFound" },
      );
    }
    directories[key ?? name] = physicalPath;
    return false;
  },
};

function find(machine: Machine, properties: Properties): string | undefined {
  if (findSite(requireIis(machine.windows), required(properties, "Website")) === undefined) return undefined;
  const directories = directoriesOf(machine, properties);
  return directories[findKey(directories, required(properties, "Name")) ?? ""];
}

/** An empty `WebApplication` means the site's root application. */
function directoriesOf(machine: Machine, properties: Properties): Record<string, string> {
  const site = requireSite(requireIis(machine.windows), required(properties, "Website"));
  const name = required(properties, "WebApplication");
  if (name === "" || name === "/") return site.virtualDirectories;
  const found = findApplication(site, name);
  if (found === undefined)
    throw new WindowsError(`The web application '${name}' does not exist.`, { hresult: "pathNotFound" });
  return found.application.virtualDirectories;
}
