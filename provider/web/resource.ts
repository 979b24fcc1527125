import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ConfigFile}. */
export interface ConfigFileArgs {
  /** Windows path of the file, for example `C:\inetpub\wwwroot\MultiFactorAuth\web.config`. The file must exist: the product's MSI makes it. */
  path: pulumi.Input<string>;
  /** `configuration/appSettings` values by key; a missing key is added. Secret values stay secret. */
  appSettings?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * `configuration/applicationSettings` values by the end of the setting's name (`_pfwssdk_PfWsSdk`): exactly one setting must
   * match, because the product's documents spell the beginning in several ways.
   */
  applicationSettings?: pulumi.Input<{ [nameSuffix: string]: pulumi.Input<string> }>;
  /** Encrypt `appSettings` on the host (aspnet_regiis, machine-bound). Default `false`. */
  encrypt?: pulumi.Input<boolean>;
  /** Application pool that is recycled after a change. Default: none. */
  applicationPool?: pulumi.Input<string>;
}

/** The named settings of one web.config on the provider's host; everything else in the file stays byte for byte. */
export class ConfigFile extends pulumi.CustomResource {
  declare readonly path: pulumi.Output<string>;
  /** Secret: the named settings as the file has them. */
  declare readonly appSettings: pulumi.Output<{ [key: string]: string }>;
  declare readonly applicationSettings: pulumi.Output<{ [nameSuffix: string]: string }>;
  /** SHA-256 of the file's bytes, lower-case hexadecimal. */
  declare readonly sha256: pulumi.Output<string>;
  constructor(name: string, args: ConfigFileArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:web:ConfigFile",
      name,
      { ...args, sha256: undefined },
      pulumi.mergeOptions({ additionalSecretOutputs: ["appSettings"] }, opts),
    );
  }
}
