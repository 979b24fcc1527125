import { deployGuide } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";
import { mfaServer } from "./product.ts";

const pulumiStack = "pulumi:pulumi:Stack";
const mobileApp = "mfa:workload:MobileAppWebService";
const property = "profile";
const setProfile = "pulumi config set --path mfa-server:mfaServer.profile v7 (or v8)";

export const profileFits: StackRule = {
  kind: "stack",
  id: "MFA-LIFE-006",
  family: "lifecycle",
  title: "The Mobile App Web Service is there with version 7 and not with version 8.",
  prerequisite:
    "To install the Mobile App Web Service, execute MultiFactorAuthenticationMobileAppWebServiceSetup64.msi.",
  step: "Install Web Portal, step 7",
  rationale: "Version 8 does without the service; version 7 cannot activate an app without it.",
  level: "mandatory",
  severity: "medium",
  references: [deployGuide],
  check(stack) {
    if (!stack.types.has(mfaServer)) return { notApplicable: "no MFA server in this stack" };
    const [own] = stack.ofType(pulumiStack);
    const profile = own === undefined ? UNKNOWN : at(own.properties, property);
    if (profile === UNKNOWN || profile === undefined) {
      return [
        cannotTell(
          own?.urn,
          "which version line of the product this is: the stack output profile says it",
          undefined,
          property,
        ),
      ];
    }
    const evidence = { property, value: profile };
    if (profile !== "v7" && profile !== "v8") {
      return [violation(own?.urn, `profile is ${String(profile)}, neither v7 nor v8`, setProfile, evidence)];
    }
    const installed = stack.types.has(mobileApp);
    if (installed === (profile === "v7")) return [];
    return [
      installed
        ? violation(
            own?.urn,
            "the Mobile App Web Service is installed beside version 8",
            `take mfaServer.mobileAppWebService out, or ${setProfile}`,
            evidence,
          )
        : violation(
            own?.urn,
            "version 7 has no Mobile App Web Service",
            `add mfaServer.mobileAppWebService, or ${setProfile}`,
            evidence,
          ),
    ];
  },
};
