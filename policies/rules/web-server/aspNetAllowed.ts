import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { lower, UNKNOWN } from "../../values.ts";
import { dscProperty, dscResources, isTrue } from "./dscResources.ts";

/** How the two entries of ASP.NET 4 end; before that stands the Windows folder in one of several spellings. */
const entries = {
  "64 bit": "\\microsoft.net\\framework64\\v4.0.30319\\aspnet_isapi.dll",
  "32 bit": "\\microsoft.net\\framework\\v4.0.30319\\aspnet_isapi.dll",
};

export const aspNetAllowed: StackRule = {
  kind: "stack",
  id: "MFA-WEB-002",
  family: "web-server",
  title: 'ASP.NET 4 is allowed in "ISAPI and CGI Restrictions".',
  prerequisite: "Make sure that the ASP.NET 4.0 extensions are Allowed.",
  step: "Important Notes, 2",
  rationale: "IIS answers 404.2 to every page of the web services while they are not.",
  level: "mandatory",
  severity: "medium",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const declared = dscResources(stack, "WebConfigPropertyCollection").filter((each) =>
      [UNKNOWN, "isapiCgiRestriction"].includes(dscProperty(each, "CollectionName") as never),
    );
    return Object.entries(entries).flatMap(([bits, ending]) => {
      const found = declared.find((each) => lower(dscProperty(each, "ItemKeyValue"))?.endsWith(ending));
      if (found === undefined) {
        const [unread] = declared.filter((each) => dscProperty(each, "ItemKeyValue") === UNKNOWN);
        if (unread !== undefined) return [cannotTell(unread.urn, `whether ASP.NET 4 (${bits}) is allowed`)];
        return [violation(undefined, `nothing allows ASP.NET 4 (${bits})`, "declare it by the WebServer component")];
      }
      const allowed = dscProperty(found, "ItemPropertyValue");
      if (allowed === UNKNOWN) return [cannotTell(found.urn, `whether ASP.NET 4 (${bits}) is allowed`)];
      return isTrue(allowed)
        ? []
        : [
            violation(
              found.urn,
              `ASP.NET 4 (${bits}) is not allowed (${String(allowed)})`,
              "run pulumi up: it allows it again",
            ),
          ];
    });
  },
};
