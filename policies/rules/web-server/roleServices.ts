import { z } from "zod";
import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { lower, UNKNOWN } from "../../values.ts";
import { dscProperty, dscResources } from "./dscResources.ts";

interface Config {
  features: string[];
}

export const roleServices: StackRule<Config> = {
  kind: "stack",
  id: "MFA-WEB-001",
  family: "web-server",
  title: "IIS has the role services that the product's web services need.",
  prerequisite:
    'Add the "Web Server" role with ASP.NET and IIS 6 Metabase Compatibility; ISAPI Extensions and ISAPI Filters.',
  step: "Install Web Portal, step 1",
  rationale: "The set-up programs of the web services stop, or their pages answer 404 and 500.",
  level: "mandatory",
  severity: "medium",
  references: [procedure],
  configuration: z.strictObject({
    features: z
      .array(z.string())
      .default(["Web-Server", "Web-Asp-Net45", "Web-ISAPI-Ext", "Web-ISAPI-Filter", "Web-Metabase"])
      .describe("Names of Windows features."),
  }),
  check(stack, { features }) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const declared = dscResources(stack, "xWindowsFeature", "WindowsFeature");
    return features.flatMap((feature) => {
      const found = declared.find((each) => lower(dscProperty(each, "Name")) === feature.toLowerCase());
      if (found === undefined) {
        const [unnamed] = declared.filter((each) => [UNKNOWN, undefined].includes(dscProperty(each, "Name") as never));
        if (unnamed !== undefined) return [cannotTell(unnamed.urn, `whether ${feature} is installed`)];
        return [violation(undefined, `nothing installs ${feature}`, "declare it by the WebServer component (roles)")];
      }
      const ensure = dscProperty(found, "Ensure");
      if (ensure === UNKNOWN) return [cannotTell(found.urn, `whether ${feature} is installed`)];
      if (ensure === undefined || lower(ensure) === "present") return [];
      return [violation(found.urn, `${feature} is not installed`, "run pulumi up: it installs the role service again")];
    });
  },
};
