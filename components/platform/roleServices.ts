/** What a web server of the product may carry. */
export type WebRole = "webServiceSdk" | "userPortal" | "mobileAppWebService";

/** The role itself; its parts can be installed only after it. */
export const webServerRole = "Web-Server";

/** What every web service of the product needs: ASP.NET 4, ISAPI, and the IIS 6 metabase that the set-up programs write to. */
const everywhere = [
  "Web-Asp-Net45",
  "Web-Net-Ext45",
  "Web-ISAPI-Ext",
  "Web-ISAPI-Filter",
  // Only the metabase, not all of Web-Mgmt-Compat: Windows Server 2025 lacks one of its parts.
  "Web-Metabase",
];

/** What a server with pages for people or with the SDK has besides. */
const pages = [
  "Web-Default-Doc",
  "Web-Dir-Browsing",
  "Web-Http-Errors",
  "Web-Static-Content",
  "Web-Http-Logging",
  "Web-Stat-Compression",
  "Web-Filtering",
  "Web-Mgmt-Console",
];

const byRole: Record<WebRole, readonly string[]> = {
  webServiceSdk: [...pages, "Web-Basic-Auth"],
  userPortal: pages,
  mobileAppWebService: [],
};

/**
 * The Windows features (names as `Install-WindowsFeature` takes them) that a server with these roles needs beside
 * {@link webServerRole}. Basic Authentication comes only with the Web Service SDK: on a portal-only host Microsoft's documents
 * contradict each other about it.
 */
export function roleServices(roles: readonly WebRole[]): string[] {
  return [...new Set([...everywhere, ...roles.flatMap((role) => byRole[role])])];
}
