import * as pulumi from "@pulumi/pulumi";
import { computedOutputs, secretOutputs } from "./computedOutputs.ts";
import type { CertificateRecord } from "./resource.ts";

/** Arguments of {@link ProvidedCertificate}: a PFX, or PEM and key. */
export interface ProvidedCertificateArgs {
  /** DNS names that the certificate must cover. */
  dnsNames: pulumi.Input<pulumi.Input<string>[]>;
  /** Secret: Base64 of a PFX with certificate, chain and key. */
  pfx?: pulumi.Input<string>;
  /** Secret: password of `pfx`. Default: none. */
  pfxPassphrase?: pulumi.Input<string>;
  /** PEM of the certificate and its issuers, in any order. */
  certificate?: pulumi.Input<string>;
  /** Secret PEM of its private key, without a passphrase. */
  privateKey?: pulumi.Input<string>;
  /** PEM of private roots at which the chain may end, beside those that the machine trusts. */
  trustedRoots?: pulumi.Input<string>;
  /** Warn when less than this share of the lifetime is left. 0 to 1, default 1/3. */
  renewBefore?: pulumi.Input<number>;
  /** `compatible`: 3DES, which Windows Server 2016 reads. `modern`: AES-256. Default `compatible`. */
  pfxEncryption?: pulumi.Input<"compatible" | "modern">;
}

/** A certificate from an authority of the organisation's own, with the outputs of an ACME certificate. */
export class ProvidedCertificate extends pulumi.CustomResource {
  declare readonly dnsNames: pulumi.Output<string[]>;
  /** PEM of the leaf certificate. */
  declare readonly certificatePem: pulumi.Output<string>;
  /** PEM of the issuers, leaf's issuer first, without the root. */
  declare readonly chainPem: pulumi.Output<string>;
  /** Secret PEM. */
  declare readonly privateKeyPem: pulumi.Output<string>;
  /** Secret: base64 of a PFX with leaf, chain and key, made anew from what was given. */
  declare readonly pfxBase64: pulumi.Output<string>;
  /** Secret, generated. */
  declare readonly pfxPassword: pulumi.Output<string>;
  /** SHA-1 of the leaf, 40 upper-case hexadecimal digits, as Windows names certificates. */
  declare readonly thumbprint: pulumi.Output<string>;
  declare readonly serialNumber: pulumi.Output<string>;
  declare readonly issuer: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notBefore: pulumi.Output<string>;
  /** ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;
  /** ISO 8601; from this moment on every preview warns. */
  declare readonly renewAfter: pulumi.Output<string>;
  declare readonly renewalBy: pulumi.Output<"lifetime">;
  /** The last ten certificates, this one first. */
  declare readonly history: pulumi.Output<CertificateRecord[]>;
  constructor(name: string, args: ProvidedCertificateArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:acme:ProvidedCertificate",
      name,
      {
        ...args,
        ...computedOutputs,
      },
      pulumi.mergeOptions({ additionalSecretOutputs: secretOutputs }, opts),
    );
  }
}
