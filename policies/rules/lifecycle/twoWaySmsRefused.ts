import { z } from "zod";
import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";

const methods = ["phoneCall", "mobileApp", "oneWaySms", "twoWaySms"] as const;

interface Config {
  defaultMethod?: (typeof methods)[number];
}

const note =
  "look at Company Settings in the product's console and write it into policies/config.json: rules.MFA-LIFE-001.defaultMethod";

export const twoWaySmsRefused: StackRule<Config> = {
  kind: "stack",
  id: "MFA-LIFE-001",
  family: "lifecycle",
  title: "The default method is one that the service still takes.",
  prerequisite: "Click on Company Settings and configure the default settings.",
  step: "Configure the MFA Server, step 2",
  rationale: "Two-way text messages, the procedure's choice, get no answer since 24 February 2021.",
  level: "mandatory",
  severity: "high",
  references: [
    procedure,
    {
      title: "Microsoft: Two-way SMS unsupported",
      url: "https://learn.microsoft.com/entra/identity/authentication/how-to-authentication-two-way-sms-unsupported",
    },
  ],
  configuration: z.strictObject({
    defaultMethod: z
      .enum(methods)
      .optional()
      .describe("Default method in Company Settings, as somebody saw it. Default: nobody looked."),
  }),
  check(stack, { defaultMethod }) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    if (defaultMethod === undefined) {
      return [cannotTell(undefined, "the default method: only the product's console has it", note)];
    }
    if (defaultMethod !== "twoWaySms") return [];
    const mend = `choose phone call, mobile app or one-way text message in Company Settings; then ${note}`;
    return [violation(undefined, "the default method is the two-way text message", mend)];
  },
};
