import { X509Certificate } from "node:crypto";
import { z } from "zod";
import type { Machine } from "../machine.ts";
import { storeCertificate } from "../windows/certificates.ts";

/** A certificate that the Key Vault extension has fetched. */
export const installCertificateRequest = z.object({
  storeLocation: z.string(),
  storeName: z.string(),
  certificatePem: z.string(),
  privateKeyPem: z.string(),
  issuersPem: z.array(z.string()),
});

/** What the Key Vault extension does in the guest: the certificate with a key that cannot be exported, and its intermediates. */
export async function installCertificate(
  machine: Machine,
  request: z.infer<typeof installCertificateRequest>,
): Promise<object> {
  const { storeLocation: location, storeName: store } = request;
  storeCertificate(machine, { location, store }, new X509Certificate(request.certificatePem), request.privateKeyPem);
  for (const issuer of request.issuersPem)
    storeCertificate(machine, { location, store: "CA" }, new X509Certificate(issuer));
  await machine.changed();
  return {};
}
