import { RecordSet } from "@pulumi/azure-native/dns/recordSet.js";
import * as pulumi from "@pulumi/pulumi";
import { Certificate, type CertificateArgs } from "../../provider/acme/resource.ts";

/** The public DNS zone that holds the name. It is there before the kit. */
export interface PublicZone {
  /** ARM id. */
  id: string;
  resourceGroup: string;
  name: string;
}

/** Arguments of {@link PublicEndpoint}. */
export interface PublicEndpointArgs {
  /** Public DNS name of the service. */
  hostName: string;
  /** Name of the records inside the zone; `@` for the zone's own name. */
  recordName: string;
  zone: PublicZone;
  /** The address that the name points to. */
  publicIpAddress: pulumi.Input<string>;
  /** How long resolvers may keep the records, in seconds. */
  ttl: number;
  /** The authority that alone may issue certificates for the name, as it calls itself in CAA records. */
  caaIssuer: string;
  /** Kind of key, renewal and encryption of the certificate; defaults as {@link CertificateArgs} says. */
  certificate?: Omit<CertificateArgs, "dnsNames" | "dnsZoneId">;
}

/**
 * The public name of the service: an A record, a CAA record that lets one authority issue for the name, and a certificate from that
 * authority. The certificate waits for both records, so a wrong CAA record cannot fail the order halfway.
 */
export class PublicEndpoint extends pulumi.ComponentResource {
  readonly hostName: string;
  readonly certificate: Certificate;
  /** Address in the A record. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: PublicEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mfa:platform:PublicEndpoint", name, {}, opts);
    const recordSet = {
      resourceGroupName: args.zone.resourceGroup,
      zoneName: args.zone.name,
      relativeRecordSetName: args.recordName,
      ttl: args.ttl,
    };
    const address = new RecordSet(
      `${name}-a-record`,
      { ...recordSet, recordType: "A", aRecords: [{ ipv4Address: args.publicIpAddress }] },
      { parent: this },
    );
    const authority = new RecordSet(
      `${name}-caa-record`,
      { ...recordSet, recordType: "CAA", caaRecords: [{ flags: 0, tag: "issue", value: args.caaIssuer }] },
      { parent: this },
    );
    this.hostName = args.hostName;
    this.address = address.aRecords.apply((records) => records?.[0]?.ipv4Address ?? "");
    this.certificate = new Certificate(
      `${name}-certificate`,
      { ...args.certificate, dnsNames: [args.hostName], dnsZoneId: args.zone.id },
      { parent: this, dependsOn: [address, authority] },
    );
    this.registerOutputs({
      hostName: this.hostName,
      address: this.address,
      thumbprint: this.certificate.thumbprint,
      notAfter: this.certificate.notAfter,
    });
  }
}
