import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ReplacementGuard}. */
export interface ReplacementGuardArgs {
  /** Name of the machine, as an approval must spell it. */
  machine: pulumi.Input<string>;
  /** What cannot be changed on a machine that exists, by the name of the setting. */
  fixed: pulumi.Input<Record<string, pulumi.Input<string | boolean>>>;
  /** Name of the machine that may be replaced. Default: none may. */
  approval?: pulumi.Input<string>;
}

/**
 * Stands before a machine: a change that would delete it and make it again is refused, in preview already, with
 * `REPLACEMENT_NOT_APPROVED`, unless the machine is named in `approval`. Deleting the stack is not its business.
 */
export class ReplacementGuard extends pulumi.CustomResource {
  /** The machine that is there. */
  declare readonly machine: pulumi.Output<string>;
  constructor(name: string, args: ReplacementGuardArgs, opts?: pulumi.CustomResourceOptions) {
    super("mfakit:host:ReplacementGuard", name, { ...args }, opts);
  }
}
