import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { certificateLifecycle } from "./lifecycle.ts";
import { providedLifecycle } from "./providedLifecycle.ts";
import { type ProvidedInputs, type ProvidedOutputs, providedInputs, providedOutputs } from "./providedSchema.ts";
import { type CertificateInputs, type CertificateOutputs, certificateInputs, certificateOutputs } from "./schema.ts";
import {
  type ServedInputs,
  type ServedOutputs,
  servedInputs,
  servedLifecycle,
  servedOutputs,
} from "./servedCertificate.ts";

export const certificate = defineResource<CertificateInputs, CertificateOutputs, Connections>({
  token: "mfakit:acme:Certificate",
  description:
    "A certificate from an ACME certificate authority, proven by DNS-01 in an Azure DNS zone. A due renewal shows in preview as an update.",
  inputs: certificateInputs,
  outputs: certificateOutputs,
  secrets: ["privateKeyPem", "pfxBase64", "pfxPassword", "accountKeyPem"],
  lifecycle: certificateLifecycle,
});

export const providedCertificate = defineResource<ProvidedInputs, ProvidedOutputs, Connections>({
  token: "mfakit:acme:ProvidedCertificate",
  description:
    "A certificate from an authority of the organisation's own, checked in every preview and offered like an ACME certificate. When it is time for another one, it warns.",
  inputs: providedInputs,
  outputs: providedOutputs,
  secrets: ["privateKeyPem", "pfxBase64", "pfxPassword"],
  lifecycle: providedLifecycle,
});

export const servedCertificate = defineResource<ServedInputs, ServedOutputs, Connections>({
  token: "mfakit:acme:ServedCertificate",
  description: "Waits until the public name answers with a certificate, chain and name verified as a browser does.",
  inputs: servedInputs,
  outputs: servedOutputs,
  replaceOn: ["hostName"],
  lifecycle: servedLifecycle,
});
