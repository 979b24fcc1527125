import { RecordSet } from "@pulumi/azure-native/dns/recordSet.js";
import type * as pulumi from "@pulumi/pulumi";
import type { PublicZone } from "./publicZone.ts";

/** Types of record that the public name has. */
export type RecordType = "A" | "AAAA" | "CAA";

/** Who alone may issue certificates for the name. */
export interface Caa {
  /** The authority, as it calls itself in CAA records. */
  issuer: string;
  /** The account there (RFC 8657). Default: any. */
  accountUri?: string | undefined;
}

/** Arguments of {@link publicRecords}. */
export interface PublicRecordsArgs {
  /** Name of the records inside the zone; `@` for the zone's own name. */
  recordName: string;
  zone: PublicZone;
  /** The IPv4 address that the name points to. */
  publicIpAddress: pulumi.Input<string>;
  /** IPv6 addresses that the name points to; none: no AAAA record. */
  ipv6Addresses: readonly string[];
  /** Undefined: no CAA record. */
  caa: Caa | undefined;
  /** How long resolvers may keep the addresses, in seconds. */
  ttl: number;
  /** How long resolvers may keep the CAA record, in seconds. */
  caaTtl: number;
  /** Record sets that are there and are taken over. One that is there and not named here is refused: azure-native never overwrites. */
  adopt: readonly RecordType[];
}

/** The records of the public name, by type. */
export interface PublicRecords {
  A: RecordSet;
  AAAA?: RecordSet;
  CAA?: RecordSet;
}

/**
 * Makes or adopts the records. The preview shows an adoption as an import, and what changes in the record as an update behind it; an
 * adopted record stays when the stack is destroyed.
 */
export function publicRecords(
  name: string,
  args: PublicRecordsArgs,
  parent: pulumi.Resource,
  after: pulumi.Resource[],
): PublicRecords {
  const record = (recordType: RecordType, ttl: number, records: object) =>
    new RecordSet(
      `${name}-${recordType.toLowerCase()}-record`,
      {
        resourceGroupName: args.zone.resourceGroup,
        zoneName: args.zone.name,
        relativeRecordSetName: args.recordName,
        recordType,
        ttl,
        ...records,
      },
      {
        parent,
        dependsOn: after,
        ...(args.adopt.includes(recordType) && {
          import: `${args.zone.id}/${recordType}/${args.recordName}`,
          retainOnDelete: true,
        }),
      },
    );
  const { caa, ipv6Addresses } = args;
  return {
    A: record("A", args.ttl, { aRecords: [{ ipv4Address: args.publicIpAddress }] }),
    ...(ipv6Addresses.length > 0 && {
      AAAA: record("AAAA", args.ttl, { aaaaRecords: ipv6Addresses.map((ipv6Address) => ({ ipv6Address })) }),
    }),
    ...(caa && {
      CAA: record("CAA", args.caaTtl, { caaRecords: [{ flags: 0, tag: "issue", value: issueValue(caa) }] }),
    }),
  };
}

/** Value of an `issue` property (RFC 8659 4.2) with its account (RFC 8657 3). */
function issueValue({ issuer, accountUri }: Caa): string {
  return accountUri === undefined ? issuer : `${issuer}; accounturi=${accountUri}`;
}
