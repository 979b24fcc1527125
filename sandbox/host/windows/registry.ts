import { findKey } from "../names.ts";
import type { RegistryValue, WindowsState } from "../state.ts";
import { WindowsError } from "../windowsError.ts";

const hives: Record<string, string> = {
  hkey_local_machine: "HKLM",
  hklm: "HKLM",
  hkey_current_user: "HKCU",
  hkcu: "HKCU",
  hkey_classes_root: "HKCR",
  hkcr: "HKCR",
  hkey_users: "HKUS",
  hkus: "HKUS",
  hkey_current_config: "HKCC",
  hkcc: "HKCC",
};

/** `HKEY_LOCAL_MACHINE\SOFTWARE\X`, `HKLM:\SOFTWARE\X` and `HKLM\SOFTWARE\X` are the same key. */
export function keyPath(path: string): string {
  const [hive = "", ...rest] = path
    .replace(/^Registry::/i, "")
    .split("\\")
    .filter((part) => part !== "");
  const short = hives[hive.replace(/:$/, "").toLowerCase()];
  if (short === undefined)
    throw new WindowsError(`'${path}' does not begin with a registry hive.`, { hresult: "invalidArgument" });
  return [short, ...rest].join("\\");
}

/** A key exists when it or one below it was made. */
export function keyExists(windows: WindowsState, path: string): boolean {
  const wanted = keyPath(path).toLowerCase();
  return Object.keys(windows.registry).some(
    (key) => key.toLowerCase() === wanted || key.toLowerCase().startsWith(`${wanted}\\`),
  );
}

export function readValue(windows: WindowsState, path: string, name: string): RegistryValue | undefined {
  const values = windows.registry[findKey(windows.registry, keyPath(path)) ?? ""];
  return values?.[findKey(values, name) ?? ""];
}

export function writeValue(windows: WindowsState, path: string, name: string, value: RegistryValue): void {
  const key = makeKey(windows, path);
  const values = windows.registry[key] as Record<string, RegistryValue>;
  values[findKey(values, name) ?? name] = value;
}

export function makeKey(windows: WindowsState, path: string): string {
  const wanted = keyPath(path);
  const key = findKey(windows.registry, wanted) ?? wanted;
  windows.registry[key] ??= {};
  return key;
}

export function removeValue(windows: WindowsState, path: string, name: string): void {
  const values = windows.registry[findKey(windows.registry, keyPath(path)) ?? ""];
  const key = values === undefined ? undefined : findKey(values, name);
  if (values !== undefined && key !== undefined) delete values[key];
}

/** Removes a key and all below it. */
export function removeKey(windows: WindowsState, path: string): void {
  const wanted = keyPath(path).toLowerCase();
  for (const key of Object.keys(windows.registry)) {
    if (key.toLowerCase() === wanted || key.toLowerCase().startsWith(`${wanted}\\`)) delete windows.registry[key];
  }
}
