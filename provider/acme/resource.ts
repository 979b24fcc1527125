import * as pulumi from "@pulumi/pulumi";
import { computedOutputs, secretOutputs } from "./computedOutputs.ts";

/** Arguments of {@link Certificate}. The ACME directory, account and Azure credentials belong to the provider's configuration. */
export interface CertificateArgs {
  /** DNS names; the first is the common name. Wildcards are allowed. */
  dnsNames: pulumi.Input<pulumi.Input<string>[]>;
  /** ARM id of the public DNS zone in which the DNS-01 challenge is answered. May be left out when the provider has `acme.dnsUpdate`. */
  dnsZoneId?: pulumi.Input<string>;
  /** ARM ids of further zones, into which CNAME records at the `_acme-challenge` names lead. */
  delegatedZoneIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Only `dns-01`, the default: `http-01` would need port 80 open to the Internet, and is refused. */
  challenge?: pulumi.Input<string>;
  /** Default `rsa2048`: every Windows version of the product can import it. */
  keyType?: pulumi.Input<"rsa2048" | "rsa3072" | "rsa4096" | "ecdsaP256" | "ecdsaP384">;
  /** Renew when less than this share of the lifetime is left. 0 to 1, default 1/3; the CA's ARI window wins where it offers one. */
  renewBefore?: pulumi.Input<number>;
  /** `compatible`: 3DES, which Windows Server 2016 reads. `modern`: AES-256. Default `compatible`. */
  pfxEncryption?: pulumi.Input<"compatible" | "modern">;
  /** Another text than the last one orders a new certificate now; leaving it out again changes nothing. */
  renewalTrigger?: pulumi.Input<string>;
  /** One of the profiles that the authority's directory lists. Default: the authority's own choice. */
  profile?: pulumi.Input<string>;
  /** Common name of an issuer that the chain should hold, where the CA offers several. Counts from the next certificate on. */
  preferredChain?: pulumi.Input<string>;
  /** Ask for must-staple (RFC 7633): clients then insist on a stapled OCSP answer. Default `false`. */
  mustStaple?: pulumi.Input<boolean>;
  /** Ask the CA to revoke the certificate on destroy. Default `false`. */
  revokeOnDelete?: pulumi.Input<boolean>;
  /** Reason that the CA is told then (RFC 5280, 5.3.1). Default `cessationOfOperation`. */
  revocationReason?: pulumi.Input<
    "unspecified" | "keyCompromise" | "affiliationChanged" | "superseded" | "cessationOfOperation"
  >;
}

/** One certificate that a resource has had. */
export interface CertificateRecord {
  thumbprint: string;
  serialNumber: string;
  issuer: string;
  /** ISO 8601. */
  notBefore: string;
  /** ISO 8601. */
  notAfter: string;
}

/** A certificate from an ACME certificate authority. A due renewal shows in preview as an update. */
export class Certificate extends pulumi.CustomResource {
  declare readonly dnsNames: pulumi.Output<string[]>;
  /** PEM of the leaf certificate. */
  declare readonly certificatePem: pulumi.Output<string>;
  /** PEM of the issuers, leaf's issuer first. */
  declare readonly chainPem: pulumi.Output<string>;
  /** Secret PEM. */
  declare readonly privateKeyPem: pulumi.Output<string>;
  /** Secret: base64 of the PFX with leaf, chain and key. */
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
  /** ISO 8601; from this moment on a preview plans the renewal. */
  declare readonly renewAfter: pulumi.Output<string>;
  /** Who says so: the authority's renewal information (RFC 9773), or the share of the lifetime that is left. */
  declare readonly renewalBy: pulumi.Output<"authority" | "lifetime">;
  /** The last ten certificates, this one first. */
  declare readonly history: pulumi.Output<CertificateRecord[]>;
  /** Secret PEM of the generated account key, so that renewals use the same account; absent when the provider was given one. */
  declare readonly accountKeyPem: pulumi.Output<string | undefined>;
  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "mfakit:acme:Certificate",
      name,
      {
        ...args,
        ...computedOutputs,
        accountKeyPem: undefined,
      },
      pulumi.mergeOptions({ additionalSecretOutputs: [...secretOutputs, "accountKeyPem"] }, opts),
    );
  }
}
