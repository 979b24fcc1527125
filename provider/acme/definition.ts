import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { certificateLifecycle } from "./lifecycle.ts";
import { type CertificateInputs, type CertificateOutputs, certificateInputs, certificateOutputs } from "./schema.ts";

export const certificate = defineResource<CertificateInputs, CertificateOutputs, Connections>({
  token: "mfakit:acme:Certificate",
  description:
    "A certificate from an ACME certificate authority, proven by DNS-01 in an Azure DNS zone. A due renewal shows in preview as an update.",
  inputs: certificateInputs,
  outputs: certificateOutputs,
  secrets: ["privateKeyPem", "pfxBase64", "pfxPassword", "accountKeyPem"],
  lifecycle: certificateLifecycle,
});
