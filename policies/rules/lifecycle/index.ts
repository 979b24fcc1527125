import type { Rule } from "../../rule.ts";
import { endOfService } from "./endOfService.ts";
import { exemptionsInForce } from "./exemptionsInForce.ts";
import { profileFits } from "./profileFits.ts";
import { tagged } from "./tagged.ts";
import { tenantActivated } from "./tenantActivated.ts";
import { twoWaySmsRefused } from "./twoWaySmsRefused.ts";

export const lifecycle: readonly Rule[] = [
  twoWaySmsRefused,
  endOfService,
  tenantActivated,
  exemptionsInForce,
  tagged,
  profileFits,
];
