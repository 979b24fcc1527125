import type { Connections } from "../connections/connections.ts";
import { defineResource } from "../engine/defineResource.ts";
import { arrivalLifecycle } from "./arrivalLifecycle.ts";
import { licencesLifecycle } from "./licencesLifecycle.ts";
import { passwordLifecycle } from "./passwordLifecycle.ts";
import {
  type ArrivalInputs,
  type ArrivalOutputs,
  arrivalInputs,
  arrivalOutputs,
  type LicencesInputs,
  type LicencesOutputs,
  licencesInputs,
  licencesOutputs,
  type PasswordInputs,
  type PasswordOutputs,
  passwordInputs,
  passwordOutputs,
} from "./schema.ts";

export const licences = defineResource<LicencesInputs, LicencesOutputs, Connections>({
  token: "mfakit:entra:Licences",
  description:
    "Who of these people has Entra ID P1 or P2, read through Microsoft Graph at every preview, up and refresh; nothing is written.",
  inputs: licencesInputs,
  outputs: licencesOutputs,
  lifecycle: licencesLifecycle,
});

export const arrival = defineResource<ArrivalInputs, ArrivalOutputs, Connections>({
  token: "mfakit:entra:Arrival",
  description:
    "Waits until users and groups of Entra ID have arrived in a domain of Entra Domain Services, with their memberships. Writes nothing.",
  inputs: arrivalInputs,
  outputs: arrivalOutputs,
  lifecycle: arrivalLifecycle,
});

export const password = defineResource<PasswordInputs, PasswordOutputs, Connections>({
  token: "mfakit:entra:Password",
  description: "A generated password for an account that another provider makes. It is kept in the state, as a secret.",
  inputs: passwordInputs,
  outputs: passwordOutputs,
  secrets: ["password"],
  replaceOn: ["accountName", "rotationTrigger"],
  lifecycle: passwordLifecycle,
});
