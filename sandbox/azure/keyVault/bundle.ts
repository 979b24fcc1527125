import { X509Certificate } from "node:crypto";
import type { StoredResource } from "../arm/store.ts";
import type { CertificateVersion } from "./certificates.ts";

/** A certificate as the data plane shows it: everything but the key. */
export function bundleOf(
  uri: string,
  name: string,
  { version, certificatePem, created, updated, tags }: CertificateVersion,
  vault: StoredResource,
): Record<string, unknown> {
  const certificate = new X509Certificate(certificatePem);
  const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
  const at = (kind: string) => `${uri}${kind}/${name}/${version}`;
  return {
    id: at("certificates"),
    kid: at("keys"),
    sid: at("secrets"),
    x5t: Buffer.from(certificate.fingerprint.replaceAll(":", ""), "hex").toString("base64url"),
    cer: certificate.raw.toString("base64"),
    attributes: {
      enabled: true,
      nbf: seconds(certificate.validFromDate),
      exp: seconds(certificate.validToDate),
      created,
      updated,
      recoveryLevel: isPurgeProtected(vault) ? "Recoverable" : "Recoverable+Purgeable",
      recoverableDays: 90,
    },
    policy: {
      id: `${uri}certificates/${name}/policy`,
      key_props: { exportable: true, kty: certificate.publicKey.asymmetricKeyType === "rsa" ? "RSA" : "EC" },
      secret_props: { contentType: "application/x-pkcs12" },
      issuer: { name: "Unknown" },
    },
    tags,
  };
}

export function isPurgeProtected({ body }: StoredResource): boolean {
  return (body.properties as { enablePurgeProtection?: boolean } | undefined)?.enablePurgeProtection === true;
}
