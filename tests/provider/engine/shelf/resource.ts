import * as pulumi from "@pulumi/pulumi";

export class Provider extends pulumi.ProviderResource {
  constructor(name: string, folder: pulumi.Input<object>, opts?: pulumi.ResourceOptions) {
    super("shelf", name, { folder: pulumi.jsonStringify(pulumi.output(folder)) }, opts);
  }
}

export class Note extends pulumi.CustomResource {
  declare readonly sha256: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;
  declare readonly greeting: pulumi.Output<string>;
  declare readonly writtenAt: pulumi.Output<string>;
  constructor(name: string, args: object, opts?: pulumi.CustomResourceOptions) {
    const outputs = { sha256: undefined, token: undefined, greeting: undefined, writtenAt: undefined };
    super("shelf:notes:Note", name, { ...args, ...outputs }, opts);
  }
}

export class Label extends pulumi.CustomResource {
  declare readonly position: pulumi.Output<number>;
  constructor(name: string, args: object, opts?: pulumi.CustomResourceOptions) {
    super("shelf:notes:Label", name, { ...args, position: undefined }, opts);
  }
}
