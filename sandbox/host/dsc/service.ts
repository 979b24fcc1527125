import type { Machine } from "../machine.ts";
import type { Service } from "../state.ts";
import { accountName } from "../windows/rights.ts";
import { findService, newService, startService, stopService } from "../windows/services.ts";
import { WindowsError } from "../windowsError.ts";
import {
  type Credential,
  type DscSemantics,
  type DscValue,
  list,
  type Properties,
  required,
  sameSet,
  sameValue,
  text,
  wantsPresent,
} from "./semantics.ts";

const builtIn: Record<string, string> = {
  LocalSystem: "LocalSystem",
  LocalService: "NT AUTHORITY\\LocalService",
  NetworkService: "NT AUTHORITY\\NetworkService",
};

export const service: DscSemantics = {
  get({ windows }, properties): Record<string, DscValue> {
    const name = required(properties, "Name");
    const found = findService(windows, name)?.service;
    if (found === undefined) return { Name: name, Ensure: "Absent" };
    return {
      Name: name,
      Ensure: "Present",
      Path: found.path,
      StartupType: found.startupType,
      BuiltInAccount: Object.keys(builtIn).find((key) => builtIn[key] === found.account) ?? found.account,
      State: found.state,
      DisplayName: found.displayName,
      Description: found.description,
      DesktopInteract: false,
      Dependencies: found.dependencies,
    };
  },

  test(machine, properties) {
    const found = findService(machine.windows, required(properties, "Name"))?.service;
    if (found === undefined || !wantsPresent(properties)) return (found === undefined) !== wantsPresent(properties);
    return differences(machine, found, properties).length === 0;
  },

  set(machine, properties) {
    const { windows } = machine;
    const name = required(properties, "Name");
    const found = findService(windows, name);
    if (!wantsPresent(properties)) {
      if (found !== undefined) delete windows.services[found.name];
      return false;
    }
    if (found === undefined) {
      const path = text(properties, "Path");
      if (path === undefined)
        throw new WindowsError(`The service '${name}' does not exist. Specify the Path to create it.`, {
          hresult: "noSuchService",
        });
      windows.services[name] = newService({
        displayName: text(properties, "DisplayName") ?? name,
        path,
        state: "Stopped",
      });
    }
    const target = findService(windows, name)?.service as Service;
    target.path = text(properties, "Path") ?? target.path;
    target.displayName = text(properties, "DisplayName") ?? target.displayName;
    target.description = text(properties, "Description") ?? target.description;
    target.dependencies = list(properties, "Dependencies") ?? target.dependencies;
    target.startupType = (text(properties, "StartupType") as Service["startupType"] | undefined) ?? target.startupType;
    target.account = wantedAccount(machine, properties) ?? target.account;
    const state = wantedState(properties);
    if (state === "Running" && target.state !== "Running") startService(windows, name);
    if (state === "Stopped" && target.state !== "Stopped") stopService(windows, name);
    return false;
  },
};

function differences(machine: Machine, found: Service, properties: Properties): string[] {
  const wanted: Record<string, [unknown, unknown]> = {
    Path: [properties.Path, found.path],
    StartupType: [properties.StartupType, found.startupType],
    DisplayName: [properties.DisplayName, found.displayName],
    Description: [properties.Description, found.description],
    Account: [wantedAccount(machine, properties), found.account],
    State: [wantedState(properties) === "Ignore" ? undefined : wantedState(properties), found.state],
  };
  const differing = Object.keys(wanted).filter((key) => {
    const [desired, present] = wanted[key] as [unknown, unknown];
    return desired !== undefined && !sameValue(desired, present);
  });
  const dependencies = list(properties, "Dependencies");
  return dependencies === undefined || sameSet(dependencies, found.dependencies)
    ? differing
    : [...differing, "Dependencies"];
}

/** The module's State has the default 'Running'. */
function wantedState(properties: Properties): string {
  return text(properties, "State") ?? "Running";
}

function wantedAccount({ windows }: Machine, properties: Properties): string | undefined {
  const account = text(properties, "BuiltInAccount");
  if (account !== undefined) return builtIn[account];
  const managed = text(properties, "GroupManagedServiceAccount");
  if (managed !== undefined) return accountName(windows, managed);
  const credential = properties.Credential as Credential | undefined;
  return credential === undefined ? undefined : accountName(windows, credential.userName);
}
