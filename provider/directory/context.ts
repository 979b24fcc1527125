import type { Connections } from "../connections/connections.ts";
import type { Directory } from "../connections/ldap.ts";
import type { CheckFailure, Lifecycle, LifecycleContext } from "../engine/definition.ts";
import { isUnknown } from "../engine/values.ts";
import { isBelow } from "./distinguishedName.ts";

export type DirectoryContext = LifecycleContext<Connections>;
export type DirectoryLifecycle<I, O> = Lifecycle<I, O, Connections>;

/** The shared connection; requests of this resource end when its operation is cancelled. */
export async function directoryOf(context: DirectoryContext): Promise<Directory> {
  return (await context.connections.directory()).withSignal(context.signal);
}

/** DNS name of the configured domain; known without connecting. */
export function domainOf(context: DirectoryContext): string {
  return context.connections.configuration.directory?.domain ?? "";
}

/** Distinguished names that lie outside the configured domain, which no controller of it could serve. Looks without connecting. */
export function outsideDomain(names: Record<string, string>, context: DirectoryContext): CheckFailure[] {
  const domain = domainOf(context);
  const base = domain
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
  return Object.entries(names)
    .filter(([, name]) => domain !== "" && !isUnknown(name) && !isBelow(name, base))
    .map(([property]) => ({ property, reason: `must end with ${base}, the configured domain` }));
}
