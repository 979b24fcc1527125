import { X509Certificate } from "node:crypto";
import { readAuthentication, sameAuthentication, writeAuthentication } from "../iis/authentication.ts";
import { contentAt, readItems } from "../iis/configuration.ts";
import { findSite, requireIis } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import type { Binding, IisState, Site } from "../state.ts";
import { certificatePem, findCertificate } from "../windows/certificates.ts";
import { WindowsError } from "../windowsError.ts";
import {
  type DscSemantics,
  type DscValue,
  list,
  type Properties,
  required,
  sameValue,
  text,
  wantsPresent,
} from "./semantics.ts";

const documents = "system.webServer/defaultDocument/files";
/** Properties that nothing here acts upon: kept, compared and shown. */
const settingDefaults: Record<string, DscValue> = {
  EnabledProtocols: "http",
  ServerAutoStart: true,
  PreloadEnabled: false,
  ServiceAutoStartEnabled: false,
  ServiceAutoStartProvider: "",
  LogPath: "%SystemDrive%\\inetpub\\logs\\LogFiles",
  LogPeriod: "Daily",
  LogTruncateSize: "20971520",
  LoglocalTimeRollover: false,
  LogFormat: "W3C",
  LogTargetW3C: "File",
  LogFlags: [
    "Date",
    "Time",
    "ClientIP",
    "UserName",
    "ServerIP",
    "Method",
    "UriStem",
    "UriQuery",
    "HttpStatus",
    "Win32Status",
    "TimeTaken",
    "ServerPort",
    "UserAgent",
    "HttpSubStatus",
    "Referer",
  ],
};

export const webSite: DscSemantics = {
  get({ windows }, properties) {
    const iis = requireIis(windows);
    const name = required(properties, "Name");
    const found = findSite(iis, name);
    if (found === undefined) return { Name: name, Ensure: "Absent" };
    const { site } = found;
    return {
      Name: name,
      Ensure: "Present",
      SiteId: site.id,
      PhysicalPath: site.physicalPath,
      State: site.state,
      ApplicationPool: site.applicationPool,
      BindingInfo: site.bindings.map(showBinding),
      DefaultPage: readItems(iis, found.name, documents).map((item) => String(item.value)),
      AuthenticationInfo: readAuthentication(iis, found.name),
      ...Object.fromEntries(Object.keys(settingDefaults).map((key) => [key, siteSetting(site, key)])),
    };
  },

  test(machine, properties) {
    const iis = requireIis(machine.windows);
    const found = findSite(iis, required(properties, "Name"));
    if (found === undefined || !wantsPresent(properties)) return (found === undefined) !== wantsPresent(properties);
    return isAsWanted(machine, iis, found.name, found.site, properties);
  },

  set(machine, properties) {
    const iis = requireIis(machine.windows);
    const name = required(properties, "Name");
    const found = findSite(iis, name);
    if (!wantsPresent(properties)) {
      if (found !== undefined) delete iis.sites[found.name];
      return false;
    }
    const bindings = wantedBindings(machine, properties);
    if (bindings !== undefined) assertBindings(machine, bindings);
    const site = found?.site ?? newSite(machine, iis, properties);
    if (found === undefined) iis.sites[name] = site;
    if (bindings !== undefined) site.bindings = bindings;
    site.id = (properties.SiteId as number | undefined) ?? site.id;
    site.physicalPath = text(properties, "PhysicalPath") ?? site.physicalPath;
    site.applicationPool = text(properties, "ApplicationPool") ?? site.applicationPool;
    for (const key of Object.keys(settingDefaults))
      if (properties[key] !== undefined) site.settings[key] = properties[key];
    addDocuments(iis, found?.name ?? name, list(properties, "DefaultPage"));
    const authentication = properties.AuthenticationInfo as Record<string, unknown> | undefined;
    if (authentication !== undefined) writeAuthentication(iis, found?.name ?? name, authentication);
    if (properties.State !== undefined) changeState(iis, found?.name ?? name, site, properties.State as Site["state"]);
    return false;
  },
};

function isAsWanted(machine: Machine, iis: IisState, name: string, site: Site, properties: Properties): boolean {
  const bindings = wantedBindings(machine, properties);
  const authentication = properties.AuthenticationInfo as Record<string, unknown> | undefined;
  const pages = list(properties, "DefaultPage");
  const present = readItems(iis, name, documents).map((item) => String(item.value));
  return (
    (properties.SiteId === undefined || properties.SiteId === site.id) &&
    (properties.PhysicalPath === undefined || sameValue(properties.PhysicalPath, site.physicalPath)) &&
    // The module's State has the default 'Started'.
    (text(properties, "State") ?? "Started") === site.state &&
    (properties.ApplicationPool === undefined || sameValue(properties.ApplicationPool, site.applicationPool)) &&
    (bindings === undefined || sameBindings(bindings, site.bindings)) &&
    (pages === undefined || pages.every((page) => present.some((other) => sameName(other, page)))) &&
    (authentication === undefined || sameAuthentication(iis, name, authentication)) &&
    Object.keys(settingDefaults).every(
      (key) => properties[key] === undefined || sameValue(properties[key], siteSetting(site, key)),
    )
  );
}

function siteSetting(site: Site, key: string): DscValue {
  return (site.settings[key] as DscValue | undefined) ?? settingDefaults[key] ?? null;
}

function newSite(machine: Machine, iis: IisState, properties: Properties): Site {
  const physicalPath = text(properties, "PhysicalPath") ?? "";
  if (physicalPath !== "" && !machine.drive.isFolder(physicalPath)) {
    throw new WindowsError(
      `Parameter 'PhysicalPath' should point to existing path: '${physicalPath}' does not exist.`,
      { hresult: "pathNotFound" },
    );
  }
  return {
    id: Math.max(0, ...Object.values(iis.sites).map((site) => site.id)) + 1,
    physicalPath,
    state: "Stopped",
    bindings: [{ protocol: "http", ipAddress: "*", port: 80, hostName: "" }],
    applicationPool: "DefaultAppPool",
    applications: {},
    virtualDirectories: {},
    settings: {},
  };
}

/** The declared bindings with the module's defaults; `undefined` when none are declared. */
function wantedBindings(machine: Machine, properties: Properties): Binding[] | undefined {
  const declared = properties.BindingInfo as Record<string, unknown>[] | undefined;
  return declared?.map((binding) => wantedBinding(machine, binding));
}

function wantedBinding(machine: Machine, declared: Record<string, unknown>): Binding {
  const protocol = required(declared, "Protocol");
  if (protocol !== "http" && protocol !== "https") {
    return { protocol, ipAddress: "", port: 0, hostName: "", information: required(declared, "BindingInformation") };
  }
  const [address, port, host] = (text(declared, "BindingInformation") ?? "").split(":");
  const binding: Binding = {
    protocol,
    ipAddress: text(declared, "IPAddress") || address || "*",
    port: Number(declared.Port ?? (port || (protocol === "https" ? 443 : 80))),
    hostName: text(declared, "HostName") ?? host ?? "",
  };
  if (protocol === "http") return binding;
  const certificateStoreName = text(declared, "CertificateStoreName") ?? "My";
  return {
    ...binding,
    certificateThumbprint: (
      text(declared, "CertificateThumbprint") ?? thumbprintBySubject(machine, certificateStoreName, declared)
    ).toUpperCase(),
    certificateStoreName,
    sslFlags: text(declared, "SslFlags") ?? "0",
  };
}

/** `CertificateSubject` chooses the certificate for that name that expires last. */
function thumbprintBySubject(machine: Machine, store: string, declared: Record<string, unknown>): string {
  const subject = text(declared, "CertificateSubject");
  if (subject === undefined) {
    throw new WindowsError(
      "CertificateThumbprint or CertificateSubject must be specified when the Protocol is 'https'.",
      { hresult: "invalidArgument" },
    );
  }
  const name = subject.replace(/^CN=/i, "");
  const matching = machine.windows.certificates
    .filter((entry) => sameName(entry.store, store) && sameName(entry.location, "LocalMachine"))
    .filter(
      (entry) =>
        new X509Certificate(certificatePem(machine, entry.thumbprint)).checkHost(name, { subject: "always" }) !==
        undefined,
    )
    .sort((left, right) => right.notAfter.localeCompare(left.notAfter));
  if (matching[0] === undefined)
    throw new WindowsError(`No certificate for the subject '${subject}' is in the store '${store}'.`, {
      hresult: "noSuchLogonSession",
    });
  return matching[0].thumbprint;
}

function assertBindings(machine: Machine, bindings: Binding[]): void {
  const seen = new Set<string>();
  for (const binding of bindings) {
    const identity = identityOf(binding);
    if (seen.has(identity))
      throw new WindowsError(`The binding '${identity}' is given more than once.`, { hresult: "invalidArgument" });
    seen.add(identity);
    if (binding.protocol !== "https") continue;
    const certificate = findCertificate(
      machine,
      "LocalMachine",
      binding.certificateStoreName ?? "My",
      binding.certificateThumbprint ?? "",
    );
    if (certificate === undefined || !certificate.hasPrivateKey) {
      throw new WindowsError(
        `Failure to add certificate to web binding: no certificate '${binding.certificateThumbprint}' with a private key is in the store '${binding.certificateStoreName}'. A specified logon session does not exist.`,
        { hresult: "noSuchLogonSession" },
      );
    }
    if ((Number(binding.sslFlags) & 1) === 1 && binding.hostName === "") {
      throw new WindowsError("A binding with Server Name Indication (SslFlags 1 or 3) needs a HostName.", {
        hresult: "invalidArgument",
      });
    }
  }
}

function changeState(iis: IisState, name: string, site: Site, state: Site["state"]): void {
  if (state === "Started" && site.state !== "Started") {
    const others = Object.entries(iis.sites).filter(
      ([other, { state: running }]) => other !== name && running === "Started",
    );
    const taken = new Set(others.flatMap(([, other]) => other.bindings.map(identityOf)));
    if (site.bindings.some((binding) => taken.has(identityOf(binding)))) {
      throw new WindowsError(`Website '${name}' could not be started due to binding conflict.`, {
        hresult: "invalidOperation",
      });
    }
  }
  site.state = state;
}

function addDocuments(iis: IisState, name: string, pages: string[] | undefined): void {
  const present = readItems(iis, name, documents).map((item) => String(item.value).toLowerCase());
  const missing = (pages ?? []).filter((page) => !present.includes(page.toLowerCase()));
  if (missing.length > 0) contentAt(iis, name, documents, true)?.items.push(...missing.map((value) => ({ value })));
}

function identityOf(binding: Binding): string {
  return binding.information ?? `${binding.ipAddress}:${binding.port}:${binding.hostName.toLowerCase()}`;
}

function sameBindings(wanted: Binding[], present: Binding[]): boolean {
  const normal = (bindings: Binding[]) =>
    bindings
      .map((binding) =>
        [
          binding.protocol,
          identityOf(binding),
          binding.certificateThumbprint ?? "",
          binding.certificateStoreName ?? "",
          binding.sslFlags ?? "",
        ]
          .join("|")
          .toLowerCase(),
      )
      .sort()
      .join("\n");
  return normal(wanted) === normal(present);
}

function showBinding(binding: Binding): DscValue {
  if (binding.information !== undefined) return { Protocol: binding.protocol, BindingInformation: binding.information };
  const shown = {
    Protocol: binding.protocol,
    BindingInformation: `${binding.ipAddress}:${binding.port}:${binding.hostName}`,
    IPAddress: binding.ipAddress,
    Port: binding.port,
    HostName: binding.hostName,
  };
  if (binding.protocol === "http") return shown;
  return {
    ...shown,
    CertificateThumbprint: binding.certificateThumbprint ?? "",
    CertificateStoreName: binding.certificateStoreName ?? "My",
    SslFlags: binding.sslFlags ?? "0",
  };
}
