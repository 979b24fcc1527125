import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, win32 } from "node:path";
import { replaceFile } from "./store.ts";
import { WindowsError } from "./windowsError.ts";

/** The host's drive C:, real files in one folder; names are found in any case, as NTFS does. */
export class Drive {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /**
   * The real path of `C:\…`. Components that exist are matched without case; the rest keeps the given spelling.
   * @throws WindowsError for another drive, a relative path, or a name that Windows does not allow.
   */
  real(windowsPath: string): string {
    // Resolves "..", which on a drive's root stays there.
    const path = win32.normalize(expand(windowsPath).replaceAll("/", "\\"));
    if (!/^[a-z]:\\/i.test(path)) {
      throw new WindowsError(`'${windowsPath}' is not an absolute path on a drive.`, { hresult: "invalidArgument" });
    }
    if (path[0]?.toLowerCase() !== "c") {
      throw new WindowsError(`Cannot find drive '${path[0]}:'.`, { hresult: "pathNotFound" });
    }
    const names = path
      .slice(3)
      .split("\\")
      .filter((name) => name !== "");
    let real = this.root;
    for (const name of names) {
      if (/[<>:"|?*\0]/.test(name)) {
        throw new WindowsError(`Illegal characters in path '${windowsPath}'.`, { hresult: "invalidArgument" });
      }
      real = join(real, spelling(real, name));
    }
    return real;
  }

  exists(windowsPath: string): boolean {
    return existsSync(this.real(windowsPath));
  }

  isFolder(windowsPath: string): boolean {
    return statSync(this.real(windowsPath), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  makeFolder(windowsPath: string): void {
    mkdirSync(this.real(windowsPath), { recursive: true });
  }

  write(windowsPath: string, content: string | Uint8Array): void {
    const real = this.real(windowsPath);
    mkdirSync(dirname(real), { recursive: true });
    replaceFile(real, content, 0o600);
  }

  remove(windowsPath: string): void {
    rmSync(this.real(windowsPath), { recursive: true, force: true });
  }
}

/** Environment variables that Windows paths in IIS and in packages contain. */
export function expand(path: string): string {
  const variables: Record<string, string> = {
    systemdrive: "C:",
    systemroot: "C:\\Windows",
    windir: "C:\\Windows",
    programfiles: "C:\\Program Files",
    programdata: "C:\\ProgramData",
  };
  return path.replace(/%([^%]+)%/g, (text, name: string) => variables[name.toLowerCase()] ?? text);
}

function spelling(folder: string, name: string): string {
  if (existsSync(join(folder, name))) return name;
  const lower = name.toLowerCase();
  const entries = existsSync(folder) ? readdirSync(folder) : [];
  return entries.find((entry) => entry.toLowerCase() === lower) ?? name;
}
