import type { types } from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";

/** A Windows host as the resources on it see it. */
export interface HostTarget {
  /** What must be done before anything on the host can be managed: joined to the domain, SSH up, DSC modules there. */
  readonly ready: pulumi.Resource[];
  /** The machine, when this program makes it. Absent for a server that was there before. */
  readonly machine?: pulumi.Resource;
  /** How the machine that runs Pulumi reaches the host by SSH, for commands. */
  readonly connection: types.input.remote.ConnectionArgs;
}

/**
 * Options of a resource that lives on the host: it waits until the host is ready, is made anew when the machine is replaced, and
 * needs no delete of its own when the machine goes.
 */
export function onHost(
  host: HostTarget,
  parent: pulumi.Resource,
  after: readonly pulumi.Resource[] = [],
): pulumi.CustomResourceOptions {
  return {
    parent,
    dependsOn: [...host.ready, ...after],
    ...(host.machine === undefined ? {} : { deletedWith: host.machine, replaceWith: [host.machine] }),
  };
}
