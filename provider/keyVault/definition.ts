import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { deliveryLifecycle } from "./deliveryLifecycle.ts";
import { certificateLifecycle } from "./lifecycle.ts";
import {
  type CertificateInputs,
  type CertificateOutputs,
  certificateInputs,
  certificateOutputs,
  type DeliveryInputs,
  type DeliveryOutputs,
  deliveryInputs,
  deliveryOutputs,
} from "./schema.ts";

export const certificate = defineResource<CertificateInputs, CertificateOutputs, Connections>({
  token: "mfakit:keyVault:Certificate",
  description:
    "A certificate with its key in Azure Key Vault. Another thumbprint is a new version; what somebody else imports shows as drift.",
  inputs: certificateInputs,
  outputs: certificateOutputs,
  replaceOn: ["vaultUri", "name"],
  lifecycle: certificateLifecycle,
});

export const delivery = defineResource<DeliveryInputs, DeliveryOutputs, Connections>({
  token: "mfakit:keyVault:Delivery",
  description: "Waits until the Key Vault extension has put a certificate with its key into the host's own store.",
  inputs: deliveryInputs,
  outputs: deliveryOutputs,
  lifecycle: deliveryLifecycle,
});
