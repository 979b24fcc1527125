import type { Machine } from "../machine.ts";
import { findKey } from "../names.ts";
import type { Application, AppPool, IisState, Site, WindowsState } from "../state.ts";
import { newRule } from "../windows/firewall.ts";
import { newService } from "../windows/services.ts";
import { WindowsError } from "../windowsError.ts";
import { contentAt } from "./configuration.ts";
import { aspNetIsapi, defaultDocuments } from "./sections.ts";

export const wwwroot = "C:\\inetpub\\wwwroot";

/** IIS's state; what the WebAdministration module needs. @throws WindowsError while the role is not installed. */
export function requireIis(windows: WindowsState): IisState {
  if (windows.iis === undefined) {
    throw new WindowsError(
      "Please ensure that the PowerShell module 'WebAdministration' is installed: the role Web-Server is not.",
      {
        hresult: "invalidOperation",
      },
    );
  }
  return windows.iis;
}

/** What installing the role leaves behind: services, the default site and pool, firewall rules. */
export function installWebServer(machine: Machine): void {
  const { windows, drive } = machine;
  if (windows.iis !== undefined) return;
  windows.services.WAS = newService({
    displayName: "Windows Process Activation Service",
    path: "C:\\Windows\\system32\\svchost.exe -k iissvcs",
    startupType: "Manual",
  });
  windows.services.W3SVC = newService({
    displayName: "World Wide Web Publishing Service",
    path: "C:\\Windows\\system32\\svchost.exe -k iissvcs",
    dependencies: ["WAS"],
  });
  for (const [suffix, port] of [
    ["", "80"],
    ["S", "443"],
  ]) {
    windows.firewall[`IIS-WebServerRole-HTTP${suffix}-In-TCP`] = newRule({
      displayName: `World Wide Web Services (HTTP${suffix} Traffic-In)`,
      group: "World Wide Web Services (HTTP)",
      localPort: [port as string],
    });
  }
  windows.iis = {
    sites: {
      "Default Web Site": {
        id: 1,
        physicalPath: "%SystemDrive%\\inetpub\\wwwroot",
        state: "Started",
        bindings: [{ protocol: "http", ipAddress: "*", port: 80, hostName: "" }],
        applicationPool: "DefaultAppPool",
        applications: {},
        virtualDirectories: {},
        settings: {},
      },
    },
    pools: { DefaultAppPool: newPool() },
    configuration: {},
  };
  const documents = contentAt(windows.iis, "", "system.webServer/defaultDocument/files", true);
  documents?.items.push(...defaultDocuments.map((value) => ({ value })));
  drive.write(
    `${wwwroot}\\iisstart.htm`,
    "<!DOCTYPE html>\n<title>IIS Windows Server</title>\n<h1>Internet Information Services</h1>\n",
  );
}

/** Services and configuration go, files stay. */
export function removeWebServer(windows: WindowsState): void {
  for (const service of ["WAS", "W3SVC"]) delete windows.services[service];
  delete windows.iis;
}

/** What ASP.NET 4 adds: both ISAPI extensions are listed but not allowed, so that somebody has to decide. */
export function registerAspNet(windows: WindowsState): void {
  const restrictions = contentAt(requireIis(windows), "", "system.webServer/security/isapiCgiRestriction", true);
  for (const path of Object.values(aspNetIsapi)) {
    if (restrictions?.items.some((item) => String(item.path).toLowerCase() === path.toLowerCase())) continue;
    restrictions?.items.push({
      path,
      allowed: false,
      groupId: "ASP.NET v4.0.30319",
      description: "ASP.NET v4.0.30319",
    });
  }
}

export function newPool(): AppPool {
  return { state: "Started", settings: {}, generation: 1 };
}

export function findSite(iis: IisState, name: string): { name: string; site: Site } | undefined {
  const key = findKey(iis.sites, name);
  const site = key === undefined ? undefined : iis.sites[key];
  return key === undefined || site === undefined ? undefined : { name: key, site };
}

export function requireSite(iis: IisState, name: string): Site {
  const found = findSite(iis, name);
  if (found === undefined)
    throw new WindowsError(`The web site '${name}' does not exist.`, { hresult: "pathNotFound" });
  return found.site;
}

export function findApplication(site: Site, name: string): { name: string; application: Application } | undefined {
  const key = findKey(site.applications, name.replace(/^\/+/, ""));
  const application = key === undefined ? undefined : site.applications[key];
  return key === undefined || application === undefined ? undefined : { name: key, application };
}

export function findPool(iis: IisState, name: string): { name: string; pool: AppPool } | undefined {
  const key = findKey(iis.pools, name);
  const pool = key === undefined ? undefined : iis.pools[key];
  return key === undefined || pool === undefined ? undefined : { name: key, pool };
}

/** A new worker process takes over at the next request. */
export function recycle(pool: AppPool): void {
  pool.generation += 1;
}
