import type { Rule } from "../../rule.ts";
import { accountsUnprivileged } from "./accountsUnprivileged.ts";
import { accountsUsable } from "./accountsUsable.ts";
import { mfaUsersExist } from "./mfaUsersExist.ts";
import { peopleHavePhones } from "./peopleHavePhones.ts";
import { serviceAccountIsAdmin } from "./serviceAccountIsAdmin.ts";

export const directory: readonly Rule[] = [
  mfaUsersExist,
  peopleHavePhones,
  serviceAccountIsAdmin,
  accountsUsable,
  accountsUnprivileged,
];
