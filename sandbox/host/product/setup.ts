import { cpSync } from "node:fs";
import { basename, join } from "node:path";
import { wwwroot } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import type { WindowsState } from "../state.ts";
import { isInstalled } from "../windows/features.ts";
import { removeKey, writeValue } from "../windows/registry.ts";
import { newService } from "../windows/services.ts";
import { WindowsError } from "../windowsError.ts";
import { compile, isCompiledFolder } from "./compile.ts";
import {
  describe,
  type Installer,
  type InstallerEffect,
  installerContent,
  installerOfProduct,
  productInstallers,
} from "./installers.ts";

export const productKey = "HKLM\\SOFTWARE\\Wow6432Node\\Positive Networks\\PhoneFactor";
export const productFolder = "C:\\Program Files\\Multi-Factor Authentication Server";

const webApplications: Partial<Record<InstallerEffect, string>> = {
  userPortal: "MultiFactorAuth",
  webServiceSdk: "MultiFactorAuthWebServiceSdk",
  mobileAppWebService: "MultiFactorAuthMobileAppWebService",
};
const runtimes: Partial<Record<InstallerEffect, string>> = { visualCppX64: "x64", visualCppX86: "x86" };

/** @throws WindowsError when something that the installer needs is missing; nothing has changed then. */
export async function install(machine: Machine, installer: Installer, source: string): Promise<void> {
  const { windows } = machine;
  const application = webApplications[installer.effect];
  if (installer.effect === "mfaServer") installServer(machine);
  else if (application !== undefined) await installWebApplication(machine, application);
  else setRuntime(windows, runtimes[installer.effect] ?? "", true);
  windows.packages[installer.productId] = {
    displayName: installer.displayName,
    version: installer.version,
    publisher: installer.publisher,
    installSource: `${source.slice(0, source.lastIndexOf("\\") + 1)}`,
    installDate: new Date().toISOString().slice(0, 10).replaceAll("-", ""),
    sizeKilobytes: installer.sizeKilobytes,
  };
}

/** Takes a package off the machine; the folders of web applications go with their configuration. */
export function uninstall(machine: Machine, productId: string): void {
  const { windows, drive } = machine;
  const installer = installerOfProduct(productId);
  if (installer === undefined)
    throw new WindowsError(`The product ${productId} is not known here.`, { hresult: "installFailure" });
  const application = webApplications[installer.effect];
  if (installer.effect === "mfaServer") {
    for (const service of Object.keys(serverServices)) delete windows.services[service];
    removeKey(windows, productKey);
    for (const { fileName } of productInstallers) drive.remove(`${productFolder}\\${fileName}`);
  } else if (application !== undefined) {
    delete windows.iis?.sites["Default Web Site"]?.applications[application];
    drive.remove(`${wwwroot}\\${application}`);
  } else setRuntime(windows, runtimes[installer.effect] ?? "", false);
  for (const key of Object.keys(windows.packages)) {
    if (key.toLowerCase() === productId.toLowerCase()) delete windows.packages[key];
  }
}

const serverServices = {
  MultiFactorAuth: newService({
    displayName: "Multi-Factor Authentication Server",
    path: `"${productFolder}\\MultiFactorAuthSvc.exe"`,
  }),
  // Installed stopped; the main service starts it once directory synchronization is on.
  MultiFactorAuthAdSync: newService({
    displayName: "Multi-Factor Authentication Directory Sync",
    path: `"${productFolder}\\MultiFactorAuthAdSyncSvc.exe"`,
    startupType: "Manual",
    state: "Stopped",
  }),
};

function installServer(machine: Machine): void {
  const { windows, drive } = machine;
  for (const [name, service] of Object.entries(serverServices)) windows.services[name] ??= structuredClone(service);
  drive.makeFolder(`${productFolder}\\Logs`);
  if (!drive.exists(`${productFolder}\\Data\\PhoneFactor.pfdata`))
    drive.write(`${productFolder}\\Data\\PhoneFactor.pfdata`, "simulated data file\n");
  for (const installer of productInstallers)
    drive.write(`${productFolder}\\${installer.fileName}`, installerContent(installer));
  writeValue(windows, productKey, "InstallPath", { type: "String", data: [`${productFolder}\\`] });
}

/** Copies the application's files and makes it an application of the default site, in the default pool, as the MSI's page offers. */
async function installWebApplication(machine: Machine, name: string): Promise<void> {
  const { windows, drive } = machine;
  assertPrerequisites(windows);
  const physicalPath = `${wwwroot}\\${name}`;
  const target = drive.real(physicalPath);
  const source = join(import.meta.dirname, "..", "aspnet", name);
  cpSync(source, target, { recursive: true, force: true, filter: (file) => !file.endsWith(".cs") });
  if (isCompiledFolder(name)) {
    const assembly = await compile(name, machine.cacheDirectory);
    cpSync(assembly, join(target, "bin", basename(assembly)));
  }
  const site = windows.iis?.sites["Default Web Site"];
  if (site === undefined)
    throw new WindowsError("There is no site 'Default Web Site' to install into.", { hresult: "installFailure" });
  site.applications[basename(target)] ??= {
    physicalPath,
    applicationPool: "DefaultAppPool",
    virtualDirectories: {},
    settings: {},
  };
}

function assertPrerequisites(windows: WindowsState): void {
  const missing = ["Web-Server", "Web-Asp-Net45", "Web-Metabase"].filter((feature) => !isInstalled(windows, feature));
  if (missing.length > 0) {
    throw new WindowsError(
      `Error 1603: the installation needs IIS with ASP.NET 4 and IIS 6 Metabase Compatibility; missing: ${missing.join(", ")}.`,
      { hresult: "installFailure" },
    );
  }
  const installed = new Set(Object.keys(windows.packages).map((id) => installerOfProduct(id)?.effect));
  if (!installed.has("visualCppX64") || !installed.has("visualCppX86")) {
    throw new WindowsError(
      "Error 1603: Visual C++ 2015 Redistributable Update 1 or higher is required, both x86 and x64.",
      { hresult: "installFailure" },
    );
  }
}

function setRuntime(windows: WindowsState, architecture: string, present: boolean): void {
  for (const branch of ["SOFTWARE", "SOFTWARE\\Wow6432Node"]) {
    const key = `HKLM\\${branch}\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\${architecture}`;
    if (!present) removeKey(windows, key);
    else {
      writeValue(windows, key, "Installed", { type: "DWord", data: ["1"] });
      writeValue(windows, key, "Version", { type: "String", data: ["v14.0.24215.01"] });
    }
  }
}

/** Installers in the product's folder, for those who look at the machine from outside. */
export function describeProductInstallers(machine: Machine) {
  return productInstallers
    .map((installer) => describe(installer, `${productFolder}\\${installer.fileName}`))
    .filter(({ path }) => machine.drive.exists(path));
}
