import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Certificate}. The Azure credentials belong to the provider's configuration. */
export interface CertificateArgs {
  /** Address of the vault, as Azure Resource Manager names it: `https://<vault>.vault.azure.net/`. */
  vaultUri: pulumi.Input<string>;
  /** Name of the certificate in the vault: 1 to 127 letters, digits and hyphens. */
  name: pulumi.Input<string>;
  /** SHA-1 of the certificate in the PFX, 40 upper-case hexadecimal digits. Another one is imported as a new version. */
  thumbprint: pulumi.Input<string>;
  /** Secret: base64 of a PFX with certificate, chain and key. */
  pfxBase64: pulumi.Input<string>;
  /** Secret. */
  pfxPassword: pulumi.Input<string>;
  /** Tags of the certificate, at most 14. Default: none. */
  tags?: pulumi.Input<{ [name: string]: pulumi.Input<string> }>;
  /** How long to wait for a role that was just assigned, in seconds: Azure spreads it over minutes. Default 0. */
  rolePatienceSeconds?: pulumi.Input<number>;
}

/** A certificate with its key in Azure Key Vault. One of that name that somebody else made is refused, never overwritten. */
export class Certificate extends pulumi.CustomResource {
  declare readonly vaultUri: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** SHA-1 of the vault's current version. */
  declare readonly thumbprint: pulumi.Output<string>;
  /** Name of the current version. */
  declare readonly version: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;
  /** Where a host gets the current version with its key, whichever that is. */
  declare readonly secretUri: pulumi.Output<string>;
  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:keyVault:Certificate",
      name,
      {
        ...args,
        pfxBase64: pulumi.secret(args.pfxBase64),
        pfxPassword: pulumi.secret(args.pfxPassword),
        version: undefined,
        notAfter: undefined,
        secretUri: undefined,
      },
      opts,
    );
  }
}

/** Arguments of {@link Delivery}. */
export interface DeliveryArgs {
  /** SHA-1 of the certificate, 40 upper-case hexadecimal digits. */
  thumbprint: pulumi.Input<string>;
  /** Default 15. */
  timeoutMinutes?: pulumi.Input<number>;
  /** Pause between two looks, in seconds. Default 5. */
  pollSeconds?: pulumi.Input<number>;
}

/** Waits until the Key Vault extension has put a certificate with its key into `LocalMachine\My` of the provider's host. */
export class Delivery extends pulumi.CustomResource {
  declare readonly thumbprint: pulumi.Output<string>;
  constructor(name: string, args: DeliveryArgs, opts?: pulumi.CustomResourceOptions) {
    super("mfakit:keyVault:Delivery", name, { ...args }, opts);
  }
}
