import { findKey } from "../names.ts";
import type { Service, WindowsState } from "../state.ts";
import { WindowsError } from "../windowsError.ts";

type ServiceFacts = Pick<Service, "displayName" | "path"> & Partial<Service>;

export function newService(facts: ServiceFacts): Service {
  return {
    description: "",
    startupType: "Automatic",
    state: "Running",
    account: "LocalSystem",
    dependencies: [],
    ...facts,
  };
}

export function initialServices(): Record<string, Service> {
  return {
    LanmanServer: newService({ displayName: "Server", path: "C:\\Windows\\System32\\svchost.exe -k smbsvcs" }),
    W32Time: newService({
      displayName: "Windows Time",
      path: "C:\\Windows\\System32\\svchost.exe -k LocalService",
      account: "NT AUTHORITY\\LocalService",
    }),
    WinRM: newService({
      displayName: "Windows Remote Management (WS-Management)",
      path: "C:\\Windows\\System32\\svchost.exe -k NetworkService",
      account: "NT AUTHORITY\\NetworkService",
    }),
  };
}

export function findService(windows: WindowsState, name: string): { name: string; service: Service } | undefined {
  const key = findKey(windows.services, name);
  const service = key === undefined ? undefined : windows.services[key];
  return key === undefined || service === undefined ? undefined : { name: key, service };
}

/** Starts a service and what it depends on. */
export function startService(windows: WindowsState, name: string): void {
  const found = findService(windows, name);
  if (found === undefined)
    throw new WindowsError(`Cannot find any service with service name '${name}'.`, { hresult: "noSuchService" });
  if (found.service.startupType === "Disabled") {
    throw new WindowsError(`Service '${found.service.displayName} (${name})' cannot be started: it is disabled.`, {
      hresult: "invalidOperation",
    });
  }
  for (const dependency of found.service.dependencies) startService(windows, dependency);
  found.service.state = "Running";
}

/** Stops a service and what depends on it. */
export function stopService(windows: WindowsState, name: string): void {
  const found = findService(windows, name);
  if (found === undefined)
    throw new WindowsError(`Cannot find any service with service name '${name}'.`, { hresult: "noSuchService" });
  for (const [dependent, service] of Object.entries(windows.services)) {
    if (service.dependencies.includes(found.name) && service.state === "Running") stopService(windows, dependent);
  }
  found.service.state = "Stopped";
}

export function isRunning(windows: WindowsState, name: string): boolean {
  return findService(windows, name)?.service.state === "Running";
}
