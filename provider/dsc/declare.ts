import type * as pulumi from "@pulumi/pulumi";
import { Resource, type ResourceArgs } from "./resource.ts";

/** Options of the typed helpers: those of every Pulumi resource, and what happens on destroy. */
export interface DscOptions extends pulumi.CustomResourceOptions {
  /**
   * `revert` sets `Ensure = Absent` when this resource made the state, `remove` whoever made it; `keep` leaves the host as it is.
   * Default `keep`.
   */
  onDestroy?: "keep" | "revert" | "remove";
}

/** A PSCredential. */
export interface PSCredential {
  /** `DOMAIN\name` or a local name. */
  userName: pulumi.Input<string>;
  /** Secret. */
  password: pulumi.Input<string>;
}

/** One pair of a hashtable property. */
export interface KeyValuePair {
  Key: pulumi.Input<string>;
  Value?: pulumi.Input<string>;
}

/** Declares one DSC resource; the generated helpers call it with properties that TypeScript has checked. */
export function declareResource(
  module: string,
  resource: string,
  name: string,
  properties: object,
  options: DscOptions = {},
): Resource {
  const { onDestroy, ...rest } = options;
  return new Resource(
    name,
    { module, resource, properties: properties as ResourceArgs["properties"], onDestroy },
    rest,
  );
}
