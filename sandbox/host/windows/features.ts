import { sameName } from "../names.ts";
import type { WindowsState } from "../state.ts";
import { WindowsError } from "../windowsError.ts";

/** A role, role service or feature as `Get-WindowsFeature` lists it. */
export interface Feature {
  name: string;
  displayName: string;
  parent?: string;
  /** Installed with it; the parent always is. */
  requires?: readonly string[];
  /** Comes with its parent unless it is left out by hand. */
  byDefault?: boolean;
}

/** The part of Windows Server 2016's catalogue around the web server, with Microsoft's names. */
export const featureCatalogue: readonly Feature[] = [
  { name: "Web-Server", displayName: "Web Server (IIS)" },
  { name: "Web-WebServer", displayName: "Web Server", parent: "Web-Server", byDefault: true },
  { name: "Web-Common-Http", displayName: "Common HTTP Features", parent: "Web-WebServer", byDefault: true },
  { name: "Web-Default-Doc", displayName: "Default Document", parent: "Web-Common-Http", byDefault: true },
  { name: "Web-Dir-Browsing", displayName: "Directory Browsing", parent: "Web-Common-Http", byDefault: true },
  { name: "Web-Http-Errors", displayName: "HTTP Errors", parent: "Web-Common-Http", byDefault: true },
  { name: "Web-Static-Content", displayName: "Static Content", parent: "Web-Common-Http", byDefault: true },
  { name: "Web-Http-Redirect", displayName: "HTTP Redirection", parent: "Web-Common-Http" },
  { name: "Web-DAV-Publishing", displayName: "WebDAV Publishing", parent: "Web-Common-Http" },
  { name: "Web-Health", displayName: "Health and Diagnostics", parent: "Web-WebServer", byDefault: true },
  { name: "Web-Http-Logging", displayName: "HTTP Logging", parent: "Web-Health", byDefault: true },
  { name: "Web-Custom-Logging", displayName: "Custom Logging", parent: "Web-Health" },
  { name: "Web-Log-Libraries", displayName: "Logging Tools", parent: "Web-Health" },
  { name: "Web-ODBC-Logging", displayName: "ODBC Logging", parent: "Web-Health" },
  { name: "Web-Request-Monitor", displayName: "Request Monitor", parent: "Web-Health" },
  { name: "Web-Http-Tracing", displayName: "Tracing", parent: "Web-Health" },
  { name: "Web-Performance", displayName: "Performance", parent: "Web-WebServer", byDefault: true },
  {
    name: "Web-Stat-Compression",
    displayName: "Static Content Compression",
    parent: "Web-Performance",
    byDefault: true,
  },
  { name: "Web-Dyn-Compression", displayName: "Dynamic Content Compression", parent: "Web-Performance" },
  { name: "Web-Security", displayName: "Security", parent: "Web-WebServer", byDefault: true },
  { name: "Web-Filtering", displayName: "Request Filtering", parent: "Web-Security", byDefault: true },
  { name: "Web-Basic-Auth", displayName: "Basic Authentication", parent: "Web-Security" },
  { name: "Web-CertProvider", displayName: "Centralized SSL Certificate Support", parent: "Web-Security" },
  { name: "Web-Client-Auth", displayName: "Client Certificate Mapping Authentication", parent: "Web-Security" },
  { name: "Web-Digest-Auth", displayName: "Digest Authentication", parent: "Web-Security" },
  { name: "Web-Cert-Auth", displayName: "IIS Client Certificate Mapping Authentication", parent: "Web-Security" },
  { name: "Web-IP-Security", displayName: "IP and Domain Restrictions", parent: "Web-Security" },
  { name: "Web-Url-Auth", displayName: "URL Authorization", parent: "Web-Security" },
  { name: "Web-Windows-Auth", displayName: "Windows Authentication", parent: "Web-Security" },
  { name: "Web-App-Dev", displayName: "Application Development", parent: "Web-WebServer" },
  {
    name: "Web-Net-Ext",
    displayName: ".NET Extensibility 3.5",
    parent: "Web-App-Dev",
    requires: ["NET-Framework-Core"],
  },
  {
    name: "Web-Net-Ext45",
    displayName: ".NET Extensibility 4.6",
    parent: "Web-App-Dev",
    requires: ["NET-Framework-45-Core"],
  },
  { name: "Web-AppInit", displayName: "Application Initialization", parent: "Web-App-Dev" },
  { name: "Web-ASP", displayName: "ASP", parent: "Web-App-Dev", requires: ["Web-ISAPI-Ext"] },
  {
    name: "Web-Asp-Net",
    displayName: "ASP.NET 3.5",
    parent: "Web-App-Dev",
    requires: ["Web-Net-Ext", "Web-ISAPI-Ext", "Web-ISAPI-Filter"],
  },
  {
    name: "Web-Asp-Net45",
    displayName: "ASP.NET 4.6",
    parent: "Web-App-Dev",
    requires: ["Web-Net-Ext45", "Web-ISAPI-Ext", "Web-ISAPI-Filter", "NET-Framework-45-ASPNET"],
  },
  { name: "Web-CGI", displayName: "CGI", parent: "Web-App-Dev" },
  { name: "Web-ISAPI-Ext", displayName: "ISAPI Extensions", parent: "Web-App-Dev" },
  { name: "Web-ISAPI-Filter", displayName: "ISAPI Filters", parent: "Web-App-Dev" },
  { name: "Web-Includes", displayName: "Server Side Includes", parent: "Web-App-Dev" },
  { name: "Web-WebSockets", displayName: "WebSocket Protocol", parent: "Web-App-Dev" },
  { name: "Web-Mgmt-Tools", displayName: "Management Tools", parent: "Web-Server" },
  { name: "Web-Mgmt-Console", displayName: "IIS Management Console", parent: "Web-Mgmt-Tools" },
  { name: "Web-Mgmt-Compat", displayName: "IIS 6 Management Compatibility", parent: "Web-Mgmt-Tools" },
  { name: "Web-Metabase", displayName: "IIS 6 Metabase Compatibility", parent: "Web-Mgmt-Compat", byDefault: true },
  {
    name: "Web-Lgcy-Mgmt-Console",
    displayName: "IIS 6 Management Console",
    parent: "Web-Mgmt-Compat",
    requires: ["Web-Metabase", "Web-WMI"],
  },
  {
    name: "Web-Lgcy-Scripting",
    displayName: "IIS 6 Scripting Tools",
    parent: "Web-Mgmt-Compat",
    requires: ["Web-Metabase", "Web-WMI"],
  },
  { name: "Web-WMI", displayName: "IIS 6 WMI Compatibility", parent: "Web-Mgmt-Compat", requires: ["Web-Metabase"] },
  { name: "Web-Scripting-Tools", displayName: "IIS Management Scripts and Tools", parent: "Web-Mgmt-Tools" },
  { name: "Web-Mgmt-Service", displayName: "Management Service", parent: "Web-Mgmt-Tools" },
  { name: "NET-Framework-Features", displayName: ".NET Framework 3.5 Features" },
  { name: "NET-Framework-Core", displayName: ".NET Framework 3.5", parent: "NET-Framework-Features" },
  { name: "NET-Framework-45-Features", displayName: ".NET Framework 4.6 Features" },
  { name: "NET-Framework-45-Core", displayName: ".NET Framework 4.6", parent: "NET-Framework-45-Features" },
  { name: "NET-Framework-45-ASPNET", displayName: "ASP.NET 4.6", parent: "NET-Framework-45-Features" },
  { name: "NPAS", displayName: "Network Policy and Access Services" },
  { name: "RSAT-AD-PowerShell", displayName: "Active Directory module for Windows PowerShell" },
  { name: "Telnet-Client", displayName: "Telnet Client" },
];

/** What Windows Server brings installed. */
export const initialFeatures: readonly string[] = ["NET-Framework-45-Features", "NET-Framework-45-Core"];

export function findFeature(name: string): Feature {
  const feature = featureCatalogue.find((candidate) => sameName(candidate.name, name));
  if (feature === undefined) {
    throw new WindowsError(
      `The requested feature ${name} is not found on the target machine. Please check the name: Get-WindowsFeature lists what there is.`,
      { hresult: "invalidOperation" },
    );
  }
  return feature;
}

export function isInstalled(windows: WindowsState, name: string): boolean {
  return windows.features.some((installed) => sameName(installed, name));
}

export function subFeatures(name: string): Feature[] {
  return featureCatalogue.filter((feature) => feature.parent !== undefined && sameName(feature.parent, name));
}

/** Every feature that installing `name` brings, itself included: parents, requirements, defaults of what was not there. */
export function installClosure(windows: WindowsState, name: string, includeAll: boolean): string[] {
  const wanted = new Set<string>();
  const add = (current: string, all: boolean) => {
    const feature = findFeature(current);
    if (wanted.has(feature.name)) return;
    const isNew = !isInstalled(windows, feature.name);
    wanted.add(feature.name);
    if (feature.parent !== undefined) addParent(feature.parent);
    for (const required of feature.requires ?? []) add(required, false);
    for (const child of subFeatures(feature.name)) if (all || (isNew && child.byDefault)) add(child.name, all);
  };
  const addParent = (parent: string) => {
    const feature = findFeature(parent);
    const isNew = !isInstalled(windows, feature.name) && !wanted.has(feature.name);
    wanted.add(feature.name);
    if (feature.parent !== undefined) addParent(feature.parent);
    // A role service installs its role with the role's defaults.
    if (isNew) for (const child of subFeatures(feature.name)) if (child.byDefault) add(child.name, false);
  };
  add(name, includeAll);
  return [...wanted];
}

/** Everything that removing `name` takes away: itself, what is below it, and what needs it. */
export function removalClosure(windows: WindowsState, name: string): string[] {
  const gone = new Set<string>();
  const remove = (current: string) => {
    if (gone.has(current) || !isInstalled(windows, current)) return;
    gone.add(current);
    for (const feature of featureCatalogue) {
      if (feature.parent === current || feature.requires?.includes(current)) remove(feature.name);
    }
  };
  remove(findFeature(name).name);
  return [...gone];
}
