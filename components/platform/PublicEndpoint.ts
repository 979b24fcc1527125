import * as pulumi from "@pulumi/pulumi";
import { type CertificateSource, type PublicCertificate, publicCertificate } from "./publicCertificate.ts";
import { type PublicRecordsArgs, publicRecords } from "./publicRecords.ts";
import { delegatedZone } from "./publicZone.ts";

/** Arguments of {@link PublicEndpoint}. */
export interface PublicEndpointArgs extends PublicRecordsArgs {
  /** Public DNS name of the service. */
  hostName: string;
  /** Where the certificate comes from. */
  certificate: CertificateSource;
}

/**
 * The public name of the service: the zone and its delegation where the kit makes them, address records, a CAA record that lets one
 * authority issue for the name, and a certificate. The certificate waits for the records, so that a wrong CAA record cannot fail the
 * order halfway.
 */
export class PublicEndpoint extends pulumi.ComponentResource {
  readonly hostName: string;
  readonly certificate: PublicCertificate;
  /** Address in the A record. */
  readonly address: pulumi.Output<string>;
  /** What whoever looks the name up waits for. */
  readonly records: pulumi.Resource[];

  constructor(name: string, args: PublicEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:PublicEndpoint", name, {}, opts);
    const zone = delegatedZone(name, args.zone, this);
    const records = publicRecords(name, args, this, zone);
    this.records = Object.values(records);
    this.hostName = args.hostName;
    this.address = records.A.aRecords.apply((each) => each?.[0]?.ipv4Address ?? "");
    this.certificate = publicCertificate(
      `${name}-certificate`,
      args.certificate,
      { hostName: args.hostName, dnsZoneId: args.zone.id },
      { parent: this, dependsOn: [...this.records, ...zone] },
    );
    this.registerOutputs({
      hostName: this.hostName,
      address: this.address,
      thumbprint: this.certificate.thumbprint,
      notAfter: this.certificate.notAfter,
    });
  }
}
