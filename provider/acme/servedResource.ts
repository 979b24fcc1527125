import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ServedCertificate}. */
export interface ServedCertificateArgs {
  /** Public DNS name that answers. */
  hostName: pulumi.Input<string>;
  /** Default 443. */
  port?: pulumi.Input<number>;
  /** SHA-1 of the certificate that must answer, 40 upper-case hexadecimal digits. */
  thumbprint: pulumi.Input<string>;
  /** `host[:port]` of resolvers that see the public zone. Default: the system's. */
  dnsServers?: pulumi.Input<pulumi.Input<string>[]>;
  /** PEM of private roots to trust beside the system's. */
  trustedRoots?: pulumi.Input<string>;
}

/** Waits until the public name answers with a certificate, chain and name verified; fails when it does not within ten minutes. */
export class ServedCertificate extends pulumi.CustomResource {
  declare readonly hostName: pulumi.Output<string>;
  declare readonly thumbprint: pulumi.Output<string>;
  /** Where it answered. */
  declare readonly addresses: pulumi.Output<string[]>;
  constructor(name: string, args: ServedCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    super("mfakit:acme:ServedCertificate", name, { ...args, addresses: undefined }, opts);
  }
}
