import { z } from "zod";
import { deployGuide } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { UNKNOWN } from "../../values.ts";
import { carriesProduct } from "./product.ts";

interface Config {
  replacedBy?: string;
}

const end = "2024-09-30";
const mend =
  "plan the move to Microsoft Entra multifactor authentication and write its last day into policies/config.json: rules.MFA-LIFE-002.replacedBy";

export const endOfService: StackRule<Config> = {
  kind: "stack",
  id: "MFA-LIFE-002",
  family: "lifecycle",
  title: "There is a day until which the product is replaced.",
  prerequisite:
    "Log into the portal and download the MFA Server software: Microsoft announced the end of that service.",
  step: "Get the MFA Server Software",
  rationale:
    "Microsoft announced the end of the service for 30 September 2024; whether it still answers a tenant nobody promises.",
  level: "advisory",
  severity: "high",
  references: [deployGuide],
  configuration: z.strictObject({
    replacedBy: z.iso
      .date()
      .optional()
      .describe("Last day of the product here, YYYY-MM-DD. Default: there is no plan."),
  }),
  check(stack, { replacedBy }, now) {
    const carries = carriesProduct(stack);
    if (carries === false) return { notApplicable: "no MFA server in this stack" };
    if (carries === UNKNOWN) return [cannotTell(undefined, "whether this stack carries the product")];
    const today = now.toISOString().slice(0, 10);
    if (replacedBy !== undefined && replacedBy >= today) return [];
    const ended = today > end ? `the service was announced to end on ${end}` : `the service ends on ${end}`;
    return [
      replacedBy === undefined
        ? violation(undefined, `${ended}, and nobody said when the product is replaced`, mend)
        : violation(undefined, `${ended}, and the product was to be replaced by ${replacedBy}`, mend),
    ];
  },
};
