import { expand } from "../drive.ts";
import { poolSetting } from "../dsc/webAppPool.ts";
import type { Machine } from "../machine.ts";
import { sameName } from "../names.ts";
import type { Application, AppPool, IisState, Site } from "../state.ts";
import { isInstalled } from "../windows/features.ts";
import { isRunning } from "../windows/services.ts";
import { readAuthentication } from "./authentication.ts";
import { readAttribute, readItems } from "./configuration.ts";
import { canRun } from "./poolIdentity.ts";
import { filterRequest, parseRequestPath, spelledPath } from "./requestPath.ts";
import { aspNetIsapi } from "./sections.ts";
import { findPool } from "./webServer.ts";

/** What IIS decides about a request before an application sees it. */
export type Route =
  | { kind: "refuse"; status: string; text: string; headers?: Record<string, string> }
  | { kind: "redirect"; location: string }
  | { kind: "file"; path: string }
  | {
      kind: "application";
      virtualPath: string;
      application: Application;
      pool: AppPool;
      url: string;
      keepAuthorization: boolean;
    };

export interface WebRequest {
  hostName: string;
  /** Path and query as they came. */
  url: string;
  authorization: string | undefined;
}

/** A managed file and what follows it: `/PfWsSdk.asmx` and `/TestSecurity`. */
const managedFile = /^(.*?\.(?:aspx|asmx|ashx))(\/.*)?$/i;

export async function route(machine: Machine, request: WebRequest): Promise<Route> {
  const { windows } = machine;
  const { iis } = windows;
  if (iis === undefined || !isRunning(windows, "W3SVC")) return refuse("503", "Service unavailable.");
  const site = siteFor(iis, request.hostName);
  if (site === undefined) return refuse("400", "Bad Request - Invalid Hostname.");
  const parsed = parseRequestPath(request.url);
  if (parsed === undefined) return refuse("400", "Bad Request.");
  const refusal = isInstalled(windows, "Web-Filtering") ? filterRequest(parsed.path) : undefined;
  if (refusal !== undefined) return refuse(refusal.status, refusal.text);
  const { path, query } = parsed;
  const found = applicationFor(site.site, path);
  if (found === undefined) return rootFile(machine, iis, site, path);
  return managed(machine, iis, site.name, found, path, query, request);
}

/** The custom headers that an answer carries, whoever gives it. */
export function customHeaders({ windows }: Machine, { hostName, url }: WebRequest): Record<string, string> {
  const { iis } = windows;
  const site = iis === undefined ? undefined : siteFor(iis, hostName);
  if (iis === undefined || site === undefined) return {};
  const application = applicationFor(site.site, parseRequestPath(url)?.path ?? "/");
  const location = application === undefined ? site.name : `${site.name}/${application.name}`;
  const items = readItems(iis, location, "system.webServer/httpProtocol/customHeaders");
  return Object.fromEntries(items.map(({ name, value }) => [String(name), String(value)]));
}

function siteFor(iis: IisState, hostName: string): { name: string; site: Site } | undefined {
  const started = Object.entries(iis.sites).filter(([, site]) => site.state === "Started");
  const matching = (exact: boolean) =>
    started.find(([, site]) =>
      site.bindings.some(
        (binding) =>
          binding.protocol === "https" && (exact ? sameName(binding.hostName, hostName) : binding.hostName === ""),
      ),
    );
  const found = matching(true) ?? matching(false);
  return found === undefined ? undefined : { name: found[0], site: found[1] };
}

/** The application with the longest name that begins the path. */
function applicationFor(site: Site, path: string): { name: string; application: Application } | undefined {
  const lower = `${path.toLowerCase()}/`;
  const names = Object.keys(site.applications).filter((name) => lower.startsWith(`/${name.toLowerCase()}/`));
  const name = names.sort((left, right) => right.length - left.length)[0];
  const application = name === undefined ? undefined : site.applications[name];
  return name === undefined || application === undefined ? undefined : { name, application };
}

async function managed(
  machine: Machine,
  iis: IisState,
  siteName: string,
  { name, application }: { name: string; application: Application },
  path: string,
  query: string,
  request: WebRequest,
): Promise<Route> {
  const { drive } = machine;
  const location = `${siteName}/${name}`;
  const rest = path.slice(name.length + 1);
  const pool = findPool(iis, application.applicationPool);
  if (pool === undefined || !(await canRun(machine, pool.name, pool.pool))) {
    return refuse("503", "Service unavailable.");
  }
  if (!drive.isFolder(application.physicalPath)) return refuse("404", "File or directory not found.");
  if (rest === "") return { kind: "redirect", location: `${encodeURI(path)}/${query}` };
  const isFolder = rest.endsWith("/") && !managedFile.test(rest);
  const target = isFolder ? defaultDocument(machine, iis, location, application, rest) : rest;
  if (target === undefined) return noList;
  const [, file, info = ""] = managedFile.exec(target) ?? [];
  const refusal = file === undefined ? undefined : managedRefusal(machine, iis, pool.pool);
  if (refusal !== undefined) return refusal;
  const access = authenticate(machine, iis, location, request);
  if ("kind" in access) return access;
  const spelled = `${spelledPath(drive, application.physicalPath, file ?? target)}${info}`;
  return {
    kind: "application",
    virtualPath: `/${name}`,
    application,
    pool: pool.pool,
    url: `${encodeURI(`/${name}${spelled}`)}${query}`,
    ...access,
  };
}

function managedRefusal(machine: Machine, iis: IisState, pool: AppPool): Route | undefined {
  if (!isInstalled(machine.windows, "Web-Asp-Net45"))
    return refuse("404.3", "No handler is configured for this extension.");
  const path = poolSetting(pool, "enable32BitAppOnWin64") === true ? aspNetIsapi.x86 : aspNetIsapi.x64;
  const restrictions = readItems(iis, "", "system.webServer/security/isapiCgiRestriction");
  const entry = restrictions.find((item) => sameName(String(item.path), expand(path)));
  const allowed =
    entry === undefined
      ? readAttribute(iis, "", "system.webServer/security/isapiCgiRestriction", "notListedIsapisAllowed")
      : entry.allowed;
  if (allowed !== true)
    return refuse("404.2", "The ISAPI and CGI Restriction list on the Web server does not allow ASP.NET v4.0.30319.");
  if (poolSetting(pool, "managedRuntimeVersion") !== "v4.0")
    return refuse("500.21", "The application pool has no .NET CLR 4.");
  return undefined;
}

/** Anonymous wins where it is on; credentials reach the application only after the mode that takes them. */
function authenticate(
  machine: Machine,
  iis: IisState,
  location: string,
  request: WebRequest,
): { keepAuthorization: boolean } | Route {
  const modes = readAuthentication(iis, location);
  if (modes.Anonymous) return { keepAuthorization: false };
  const basic = modes.Basic && isInstalled(machine.windows, "Web-Basic-Auth");
  const windowsMode = modes.Windows && isInstalled(machine.windows, "Web-Windows-Auth");
  if (basic && /^Basic /i.test(request.authorization ?? "")) return { keepAuthorization: true };
  if (!basic && !windowsMode)
    return refuse("401.2", "Access is denied: no authentication mode is on that a client could use.");
  const challenge = basic ? `Basic realm="${request.hostName}"` : "Negotiate";
  return refuse("401.2", "Access is denied due to invalid credentials.", { "www-authenticate": challenge });
}

function defaultDocument(
  machine: Machine,
  iis: IisState,
  location: string,
  application: Application,
  folder: string,
): string | undefined {
  if (!isInstalled(machine.windows, "Web-Default-Doc")) return undefined;
  if (readAttribute(iis, location, "system.webServer/defaultDocument", "enabled") !== true) return undefined;
  const documents = readItems(iis, location, "system.webServer/defaultDocument/files").map(
    (item) => `${folder}${item.value}`,
  );
  return documents.find((document) => existsIn(machine, application.physicalPath, document));
}

/** Files of the site itself; nothing but static content lives there. */
function rootFile(machine: Machine, iis: IisState, { name, site }: { name: string; site: Site }, path: string): Route {
  const root: Application = {
    physicalPath: site.physicalPath,
    applicationPool: site.applicationPool,
    virtualDirectories: {},
    settings: {},
  };
  const file = path.endsWith("/") ? defaultDocument(machine, iis, name, root, path) : path;
  if (file === undefined) return noList;
  const isPlain = /\.(html?|css|png|txt)$/i.test(file) && isInstalled(machine.windows, "Web-Static-Content");
  if (!isPlain || !existsIn(machine, site.physicalPath, file)) return refuse("404", "File or directory not found.");
  return { kind: "file", path: machine.drive.real(`${site.physicalPath}${file.replaceAll("/", "\\")}`) };
}

function existsIn(machine: Machine, folder: string, path: string): boolean {
  try {
    return machine.drive.exists(`${folder}${path.replaceAll("/", "\\")}`);
  } catch {
    return false;
  }
}

const noList: Route = refuse("403.14", "The Web server is configured to not list the contents of this directory.");

function refuse(status: string, text: string, headers?: Record<string, string>): Route {
  return { kind: "refuse", status, text, ...(headers === undefined ? {} : { headers }) };
}
