import type { Rule } from "../../rule.ts";
import { everyoneLicensed } from "./everyoneLicensed.ts";
import { tenantNamed } from "./tenantNamed.ts";

export const licensing: readonly Rule[] = [everyoneLicensed, tenantNamed];
