import { z } from "zod";
import { deployGuide } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";
import { carriesProduct } from "./product.ts";

interface Config {
  activatedBefore2019?: boolean;
}

const pulumiStack = "pulumi:pulumi:Stack";
const property = "activatedBefore2019";
const state =
  "pulumi config set --path mfa-server:mfaServer.activatedBefore2019 true, or rules.MFA-LIFE-003.activatedBefore2019 in policies/config.json, when the tenant is one of those";

export const tenantActivated: StackRule<Config> = {
  kind: "stack",
  id: "MFA-LIFE-003",
  family: "lifecycle",
  title: "Somebody states that the tenant was activated before 1 July 2019.",
  prerequisite:
    "Click on the “Generate Activation Credentials” button: since 1 July 2019 only for tenants that had a server.",
  step: "Get the MFA Server Software, step 8",
  rationale:
    "For any other tenant there are no activation credentials, and the deployment ends at a server that nobody can activate.",
  level: "mandatory",
  severity: "high",
  references: [deployGuide],
  configuration: z.strictObject({
    activatedBefore2019: z
      .boolean()
      .optional()
      .describe("What somebody states of the tenant. Default: the stack output of this name."),
  }),
  check(stack, config) {
    const carries = carriesProduct(stack);
    if (carries === false) return { notApplicable: "no MFA server in this stack" };
    if (carries === UNKNOWN) return [cannotTell(undefined, "whether this stack carries the product")];
    const [own] = stack.ofType(pulumiStack);
    const stated = config.activatedBefore2019 ?? (own && at(own.properties, property));
    if (stated === true) return [];
    if (stated === undefined || stated === UNKNOWN) {
      return [cannotTell(own?.urn, "whether the tenant was activated before 1 July 2019", state, property)];
    }
    return [
      violation(
        own?.urn,
        `it is stated that the tenant was not activated in time (${String(stated)})`,
        `deploy a successor of the product; or ${state}`,
        {
          property,
          value: stated,
        },
      ),
    ];
  },
};
