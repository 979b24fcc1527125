import type { Machine } from "../machine.ts";

/** A value of a DSC property as the agent's answer carries it. */
export type DscValue = string | number | boolean | null | DscValue[] | { [name: string]: DscValue };

/** The properties of one request: names in the contract's spelling, credentials and embedded instances unwrapped. */
export type Properties = Record<string, unknown>;

export interface Credential {
  userName: string;
  password: string;
}

/** What a DSC resource does; the three functions of its module. */
export interface DscSemantics {
  /** Get-TargetResource: what is there, without credentials. */
  get(machine: Machine, properties: Properties): Promise<Record<string, DscValue>> | Record<string, DscValue>;
  /** Test-TargetResource. */
  test(machine: Machine, properties: Properties): Promise<boolean> | boolean;
  /** Set-TargetResource; called only when the test failed. True: Windows wants a restart. */
  set(machine: Machine, properties: Properties): Promise<boolean | undefined> | boolean | undefined;
}

export function text(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined || value === null ? undefined : String(value);
}

export function required(properties: Properties, name: string): string {
  return text(properties, name) ?? "";
}

export function list(properties: Properties, name: string): string[] | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  return (Array.isArray(value) ? value : [value]).map(String);
}

export function flag(properties: Properties, name: string): boolean | undefined {
  const value = properties[name];
  return typeof value === "boolean" ? value : undefined;
}

/** Every resource takes `Ensure`; without it the state is wanted present. */
export function wantsPresent(properties: Properties): boolean {
  return text(properties, "Ensure")?.toLowerCase() !== "absent";
}

export function sameSet(left: readonly string[], right: readonly string[]): boolean {
  const normal = (items: readonly string[]) => [...new Set(items.map((item) => item.toLowerCase()))].sort().join("\n");
  return normal(left) === normal(right);
}

/** PowerShell's `-eq` on what JSON can carry: strings without case, everything else by its text. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) return sameSet(left.map(String), right.map(String));
  return String(left ?? "").toLowerCase() === String(right ?? "").toLowerCase();
}
