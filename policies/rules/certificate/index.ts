import type { Rule } from "../../rule.ts";
import { coversPublicName } from "./coversPublicName.ts";
import { notExpiring } from "./notExpiring.ts";
import { strongKey } from "./strongKey.ts";

export const certificate: readonly Rule[] = [coversPublicName, notExpiring, strongKey];
