/** The texts of the scripts by which the engine starts its plugins, by their names. */
export declare const shims: Readonly<Record<"pulumi-resource-pulumi-nodejs" | "pulumi-analyzer-policy", string>>;
