import { relative, sep } from "node:path";
import type { Drive } from "../drive.ts";
import { WindowsError } from "../windowsError.ts";

export interface RequestPath {
  /** Decoded, begins with a slash, without dot segments. */
  path: string;
  /** As it came, with its question mark; empty without one. */
  query: string;
}

/** The path as http.sys hands it on; `undefined` for what it refuses. */
export function parseRequestPath(url: string): RequestPath | undefined {
  if (!url.startsWith("/")) return undefined;
  // Resolves dot segments, encoded ones too, before anything looks at the path.
  const parsed = URL.parse(`https://host${url}`);
  if (parsed === null) return undefined;
  try {
    const path = decodeURIComponent(parsed.pathname);
    const isPlain = !/[\\\0]/.test(path) && !path.split("/").some((segment) => /^\.+$/.test(segment));
    return isPlain ? { path, query: parsed.search } : undefined;
  } catch {
    return undefined;
  }
}

const hiddenSegments = ["web.config", "bin", "app_code", "app_data", "app_globalresources", "app_localresources"];
const deniedExtensions = /\.(config|cs|vb|csproj|vbproj|asax|ascx|master|skin|resx|mdb|mdf|ldf|java)$/i;

/** What request filtering refuses with its defaults: a status and sub-status, or nothing. */
export function filterRequest(path: string): { status: string; text: string } | undefined {
  if (path.split("/").some((segment) => hiddenSegments.includes(segment.toLowerCase()))) {
    return { status: "404.8", text: "The request filtering module denies a hidden segment." };
  }
  if (deniedExtensions.test(path)) {
    return { status: "404.7", text: "The request filtering module denies the file extension." };
  }
  return undefined;
}

/** The path below a folder as its files are really spelled; unchanged where nothing of that name is there. */
export function spelledPath(drive: Drive, folder: string, path: string): string {
  try {
    const found = relative(drive.real(folder), drive.real(`${folder}${path.replaceAll("/", "\\")}`));
    return `/${found.split(sep).join("/")}`;
  } catch (error) {
    // Characters that no Windows name has: the application answers that it knows no such file.
    if (error instanceof WindowsError) return path;
    throw error;
  }
}
