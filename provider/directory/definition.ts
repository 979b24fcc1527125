import { defineResource } from "../engine/defineResource.ts";
import { groupLifecycle } from "./groupLifecycle.ts";
import { domainJoinLifecycle } from "./joinLifecycle.ts";
import { membershipLifecycle } from "./membershipLifecycle.ts";
import { organizationalUnitLifecycle } from "./organizationalUnitLifecycle.ts";
import * as schema from "./schema.ts";
import { userLifecycle } from "./userLifecycle.ts";

export const group = defineResource({
  token: "mfakit:directory:Group",
  description: "A security group in Active Directory, found by its objectGUID after a rename or a move.",
  inputs: schema.groupInputs,
  outputs: schema.groupOutputs,
  lifecycle: groupLifecycle,
});

export const user = defineResource({
  token: "mfakit:directory:User",
  description:
    "A user account in Active Directory; its password is sent over TLS alone, and a change of it by others is drift.",
  inputs: schema.userInputs,
  outputs: schema.userOutputs,
  secrets: ["password"],
  lifecycle: userLifecycle,
});

export const membership = defineResource({
  token: "mfakit:directory:Membership",
  description: "Members of one group that the kit answers for, with a report of the people who cannot use MFA yet.",
  inputs: schema.membershipInputs,
  outputs: schema.membershipOutputs,
  lifecycle: membershipLifecycle,
});

export const organizationalUnit = defineResource({
  token: "mfakit:directory:OrganizationalUnit",
  description: "An organizational unit; deleted only when the kit created it and it is empty.",
  inputs: schema.organizationalUnitInputs,
  outputs: schema.organizationalUnitOutputs,
  lifecycle: organizationalUnitLifecycle,
});

export const domainJoin = defineResource({
  token: "mfakit:directory:DomainJoin",
  description:
    "Proves before a machine exists that it can join the domain: unit, account, password, rights, free name.",
  inputs: schema.domainJoinInputs,
  outputs: schema.domainJoinOutputs,
  lifecycle: domainJoinLifecycle,
});
