import type { Rule } from "./rule.ts";
import { coversPublicName } from "./rules/certificate/coversPublicName.ts";
import { notExpiring } from "./rules/certificate/notExpiring.ts";
import { mfaUsersExist } from "./rules/directory/mfaUsersExist.ts";
import { peopleHavePhones } from "./rules/directory/peopleHavePhones.ts";
import { serviceAccountIsAdmin } from "./rules/directory/serviceAccountIsAdmin.ts";
import { automaticPatching } from "./rules/host/automaticPatching.ts";
import { domainJoined } from "./rules/host/domainJoined.ts";
import { encryptionAtHost } from "./rules/host/encryptionAtHost.ts";
import { pinnedImage } from "./rules/host/pinnedImage.ts";
import { trustedLaunch } from "./rules/host/trustedLaunch.ts";
import { managementPort } from "./rules/network/managementPort.ts";
import { onlyHttpsFromInternet } from "./rules/network/onlyHttpsFromInternet.ts";
import { recordPointsAtHost } from "./rules/network/recordPointsAtHost.ts";
import { secretsMarked } from "./rules/secrets/secretsMarked.ts";
import { aspNetAllowed } from "./rules/webServer/aspNetAllowed.ts";
import { httpsOnly } from "./rules/webServer/httpsOnly.ts";
import { roleServices } from "./rules/webServer/roleServices.ts";
import { batchLogonRight } from "./rules/workload/batchLogonRight.ts";
import { sdkAccess } from "./rules/workload/sdkAccess.ts";

/** Every rule of the pack, by id. */
export const rules: readonly Rule[] = [
  onlyHttpsFromInternet,
  managementPort,
  recordPointsAtHost,
  domainJoined,
  encryptionAtHost,
  trustedLaunch,
  pinnedImage,
  automaticPatching,
  mfaUsersExist,
  peopleHavePhones,
  serviceAccountIsAdmin,
  coversPublicName,
  notExpiring,
  roleServices,
  aspNetAllowed,
  httpsOnly,
  batchLogonRight,
  sdkAccess,
  secretsMarked,
];
