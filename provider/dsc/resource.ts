import * as pulumi from "@pulumi/pulumi";

/** A value of a DSC property. `{userName, password}` stands for a PSCredential, an object or list of objects for embedded CIM instances. */
export type DscValue =
  | string
  | number
  | boolean
  | string[]
  | number[]
  | { [property: string]: DscValue }
  | { [property: string]: DscValue }[];

/** Arguments of {@link Resource}. */
export interface ResourceArgs {
  /** PowerShell module, for example `WebAdministrationDsc`. */
  module: pulumi.Input<string>;
  /** DSC resource of that module, for example `WebSite`. */
  resource: pulumi.Input<string>;
  /** Desired properties by the module's own names; checked against the module's schema in preview. Mark credentials as secrets. */
  properties: pulumi.Input<{ [property: string]: pulumi.Input<DscValue> }>;
  /**
   * On destroy: `revert` sets `Ensure = Absent` if this resource made the state (it did not hold before); `remove` does so whoever
   * made it; `keep` leaves the host as it is. Default `keep`.
   */
  onDestroy?: pulumi.Input<"keep" | "revert" | "remove">;
}

/** One PowerShell DSC resource on the provider's Windows host. Drift shows on each declared property. */
export class Resource extends pulumi.CustomResource {
  declare readonly module: pulumi.Output<string>;
  declare readonly resource: pulumi.Output<string>;
  /** The declared properties as the host has them. */
  declare readonly properties: pulumi.Output<{ [property: string]: DscValue }>;
  /** Everything that DSC Get returned, read-only properties too; credentials left out. */
  declare readonly current: pulumi.Output<{ [property: string]: DscValue }>;
  /** The module's Test-TargetResource answered true. */
  declare readonly inDesiredState: pulumi.Output<boolean>;
  /** The host wants a restart before the state is complete. */
  declare readonly rebootRequired: pulumi.Output<boolean>;
  constructor(name: string, args: ResourceArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:dsc:Resource",
      name,
      { ...args, current: undefined, inDesiredState: undefined, rebootRequired: undefined },
      opts,
    );
  }
}
