import type * as pulumi from "@pulumi/pulumi";
import { ProvidedCertificate, type ProvidedCertificateArgs } from "../../provider/acme/providedResource.ts";
import { Certificate, type CertificateArgs } from "../../provider/acme/resource.ts";

/** Where the certificate of the public name comes from: ordered from an ACME authority, or given by the organisation. */
export type CertificateSource =
  | ({ source: "acme" } & Omit<CertificateArgs, "dnsNames" | "dnsZoneId">)
  | ({ source: "provided" } & Omit<ProvidedCertificateArgs, "dnsNames">);

/** Both kinds offer the same outputs, so that the web server needs not care. */
export type PublicCertificate = Certificate | ProvidedCertificate;

/** Makes the certificate of a name. */
export function publicCertificate(
  name: string,
  from: CertificateSource,
  { hostName, dnsZoneId }: { hostName: string; dnsZoneId: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): PublicCertificate {
  const dnsNames = [hostName];
  if (from.source === "provided") {
    const { source: _, ...args } = from;
    return new ProvidedCertificate(name, { ...args, dnsNames }, opts);
  }
  const { source: _, ...args } = from;
  return new Certificate(name, { ...args, dnsNames, dnsZoneId }, opts);
}
