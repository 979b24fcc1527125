import type { Rule } from "../../rule.ts";
import { batchLogonRight } from "./batchLogonRight.ts";
import { sdkAccess } from "./sdkAccess.ts";
import { serviceRuns } from "./serviceRuns.ts";
import { verifiedInstallers } from "./verifiedInstallers.ts";

export const workload: readonly Rule[] = [batchLogonRight, sdkAccess, verifiedInstallers, serviceRuns];
