import { readAuthentication, sameAuthentication, writeAuthentication } from "../iis/authentication.ts";
import { readAttribute, writeAttribute } from "../iis/configuration.ts";
import { findApplication, findSite, requireIis, requireSite } from "../iis/webServer.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import type { Application } from "../state.ts";
import { WindowsError } from "../windowsError.ts";
import {
  type DscSemantics,
  type DscValue,
  list,
  type Properties,
  required,
  sameSet,
  sameValue,
  wantsPresent,
} from "./semantics.ts";

const settingDefaults: Record<string, DscValue> = {
  PreloadEnabled: false,
  ServiceAutoStartEnabled: false,
  ServiceAutoStartProvider: "",
};
const access = "system.webServer/security/access";

export const webApplication: DscSemantics = {
  get(machine, properties) {
    const iis = requireIis(machine.windows);
    const location = locationOf(properties);
    const found = find(machine, properties);
    const identity = { Website: required(properties, "Website"), Name: required(properties, "Name") };
    if (found === undefined) return { ...identity, Ensure: "Absent" };
    return {
      ...identity,
      Ensure: "Present",
      WebAppPool: found.applicationPool,
      PhysicalPath: found.physicalPath,
      AuthenticationInfo: readAuthentication(iis, location),
      SslFlags: sslFlags(String(readAttribute(iis, location, access, "sslFlags"))),
      EnabledProtocols: protocolsOf(found),
      ...Object.fromEntries(
        Object.entries(settingDefaults).map(([key, value]) => [key, (found.settings[key] as DscValue) ?? value]),
      ),
    };
  },

  test(machine, properties) {
    const found = find(machine, properties);
    if (found === undefined || !wantsPresent(properties)) return (found === undefined) !== wantsPresent(properties);
    return isAsWanted(machine, found, properties);
  },

  set(machine, properties) {
    const iis = requireIis(machine.windows);
    const site = requireSite(iis, required(properties, "Website"));
    const name = required(properties, "Name").replace(/^\/+/, "");
    const found = findApplication(site, name);
    if (!wantsPresent(properties)) {
      if (found !== undefined) delete site.applications[found.name];
      return false;
    }
    const physicalPath = required(properties, "PhysicalPath");
    if (found === undefined && !machine.drive.isFolder(physicalPath)) {
      throw new WindowsError(
        `Parameter 'PhysicalPath' should point to existing path: '${physicalPath}' does not exist.`,
        {
          hresult: "pathNotFound",
        },
      );
    }
    const application: Application = found?.application ?? {
      physicalPath,
      applicationPool: "",
      virtualDirectories: {},
      settings: {},
    };
    if (found === undefined) site.applications[name] = application;
    application.physicalPath = physicalPath;
    application.applicationPool = required(properties, "WebAppPool");
    const location = locationOf(properties);
    const flags = list(properties, "SslFlags");
    if (flags !== undefined) writeAttribute(iis, location, access, "sslFlags", flags.join(","));
    const authentication = properties.AuthenticationInfo as Record<string, unknown> | undefined;
    if (authentication !== undefined) writeAuthentication(iis, location, authentication);
    const protocols = list(properties, "EnabledProtocols");
    if (protocols !== undefined) application.settings.EnabledProtocols = protocols.join(",");
    for (const key of Object.keys(settingDefaults))
      if (properties[key] !== undefined) application.settings[key] = properties[key];
    return false;
  },
};

function isAsWanted(machine: Machine, application: Application, properties: Properties): boolean {
  const iis = requireIis(machine.windows);
  const location = locationOf(properties);
  const flags = list(properties, "SslFlags");
  const authentication = properties.AuthenticationInfo as Record<string, unknown> | undefined;
  const protocols = list(properties, "EnabledProtocols");
  return (
    sameName(application.physicalPath, required(properties, "PhysicalPath")) &&
    sameName(application.applicationPool, required(properties, "WebAppPool")) &&
    (flags === undefined || sameSet(flags, sslFlags(String(readAttribute(iis, location, access, "sslFlags"))))) &&
    (authentication === undefined || sameAuthentication(iis, location, authentication)) &&
    (protocols === undefined || sameSet(protocols, protocolsOf(application))) &&
    Object.entries(settingDefaults).every(
      ([key, value]) => properties[key] === undefined || sameValue(properties[key], application.settings[key] ?? value),
    )
  );
}

function find(machine: Machine, properties: Properties): Application | undefined {
  const site = findSite(requireIis(machine.windows), required(properties, "Website"));
  return site === undefined ? undefined : findApplication(site.site, required(properties, "Name"))?.application;
}

function locationOf(properties: Properties): string {
  return `${required(properties, "Website")}/${required(properties, "Name").replace(/^\/+/, "")}`;
}

function protocolsOf(application: Application): string[] {
  return String(application.settings.EnabledProtocols ?? "http").split(",");
}

/** `Ssl,Ssl128` to its parts; none set is one empty text. */
function sslFlags(value: string): string[] {
  return value.split(",");
}
