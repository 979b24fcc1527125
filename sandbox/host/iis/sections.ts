/** One attribute of a configuration section: its type decides how values are read, written and shown. */
export interface AttributeSchema {
  type: "bool" | "int" | "string" | "flags";
  default: string | number | boolean;
  /** Environment variables in it are replaced when it is read. */
  expanded?: true;
}

/** One section of IIS's configuration, as far as the simulated server knows it. */
export interface SectionSchema {
  attributes: Record<string, AttributeSchema>;
  /** Name and attributes of the elements of the section's collection; the key comes first. */
  element?: { name: string; key: string; attributes: Record<string, AttributeSchema> };
  /** `overrideModeDefault="Deny"` in applicationHost.config: a site's or application's own file may not contain it. */
  locked: boolean;
}

const bool = (value: boolean): AttributeSchema => ({ type: "bool", default: value });
const text = (value = ""): AttributeSchema => ({ type: "string", default: value });
const number = (value: number): AttributeSchema => ({ type: "int", default: value });
const authentication = "system.webServer/security/authentication";

/** Sections with IIS 10's defaults and locks. */
export const sectionSchemas: Record<string, SectionSchema> = {
  "system.webServer/security/access": { attributes: { sslFlags: { type: "flags", default: "" } }, locked: true },
  [`${authentication}/anonymousAuthentication`]: {
    attributes: { enabled: bool(true), userName: text("IUSR"), password: text(), logonMethod: text("ClearText") },
    locked: true,
  },
  [`${authentication}/basicAuthentication`]: {
    attributes: { enabled: bool(false), realm: text(), defaultLogonDomain: text(), logonMethod: text("ClearText") },
    locked: true,
  },
  [`${authentication}/digestAuthentication`]: { attributes: { enabled: bool(false), realm: text() }, locked: true },
  [`${authentication}/windowsAuthentication`]: {
    attributes: { enabled: bool(false), authPersistSingleRequest: bool(false), useKernelMode: bool(true) },
    locked: true,
  },
  [`${authentication}/clientCertificateMappingAuthentication`]: { attributes: { enabled: bool(false) }, locked: true },
  [`${authentication}/iisClientCertificateMappingAuthentication`]: {
    attributes: {
      enabled: bool(false),
      oneToOneCertificateMappingsEnabled: bool(true),
      manyToOneCertificateMappingsEnabled: bool(true),
    },
    locked: true,
  },
  "system.webServer/security/isapiCgiRestriction": {
    attributes: { notListedIsapisAllowed: bool(false), notListedCgisAllowed: bool(false) },
    element: {
      name: "add",
      key: "path",
      attributes: { path: { ...text(), expanded: true }, allowed: bool(false), groupId: text(), description: text() },
    },
    locked: true,
  },
  "system.webServer/security/requestFiltering": {
    attributes: { allowDoubleEscaping: bool(false), allowHighBitCharacters: bool(true) },
    locked: false,
  },
  "system.webServer/security/requestFiltering/requestLimits": {
    attributes: { maxAllowedContentLength: number(30_000_000), maxUrl: number(4096), maxQueryString: number(2048) },
    locked: false,
  },
  "system.webServer/defaultDocument": { attributes: { enabled: bool(true) }, locked: false },
  "system.webServer/defaultDocument/files": {
    attributes: {},
    element: { name: "add", key: "value", attributes: { value: text() } },
    locked: false,
  },
  "system.webServer/directoryBrowse": { attributes: { enabled: bool(false) }, locked: false },
  "system.webServer/httpErrors": {
    attributes: { errorMode: text("DetailedLocalOnly"), existingResponse: text("Auto") },
    locked: false,
  },
  "system.webServer/httpProtocol/customHeaders": {
    attributes: {},
    element: { name: "add", key: "name", attributes: { name: text(), value: text() } },
    locked: false,
  },
  "system.webServer/httpRedirect": {
    attributes: { enabled: bool(false), destination: text(), exactDestination: bool(false), childOnly: bool(false) },
    locked: false,
  },
  "system.webServer/serverRuntime": {
    attributes: { enabled: bool(true), uploadReadAheadSize: number(49152) },
    locked: true,
  },
  "system.webServer/urlCompression": {
    attributes: { doStaticCompression: bool(true), doDynamicCompression: bool(true) },
    locked: false,
  },
  "system.applicationHost/sites/siteDefaults/logFile": {
    attributes: {
      enabled: bool(true),
      directory: text("%SystemDrive%\\inetpub\\logs\\LogFiles"),
      logFormat: text("W3C"),
    },
    locked: true,
  },
};

/** What installing the role service leaves in the server's configuration. */
export const defaultDocuments = [
  "Default.htm",
  "Default.asp",
  "index.htm",
  "index.html",
  "iisstart.htm",
  "default.aspx",
];
export const aspNetIsapi = {
  x64: "%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll",
  x86: "%windir%\\Microsoft.NET\\Framework\\v4.0.30319\\aspnet_isapi.dll",
} as const;
