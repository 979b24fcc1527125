import type { Connections } from "../connections/connections.ts";
import type { Directory } from "../connections/ldap.ts";
import type { Lifecycle, LifecycleContext } from "../engine/definition.ts";

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
