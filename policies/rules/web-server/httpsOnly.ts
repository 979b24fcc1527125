import { procedure } from "../../references.ts";
import { cannotTell, type Finding, type StackRule, violation } from "../../rule.ts";
import { isMfaStack, type StackResource } from "../../stack.ts";
import { at, UNKNOWN, type Value } from "../../values.ts";
import { bindingsOf, dscProperty, webSites } from "./dscResources.ts";

const mend = "run pulumi up: the WebServer component leaves Default Web Site with one https binding";

export const httpsOnly: StackRule = {
  kind: "stack",
  id: "MFA-WEB-003",
  family: "web-server",
  title: "The site answers on https alone, with a certificate.",
  prerequisite: "Install and bind a public SSL certificate to the Default Website.",
  step: "Install Web Portal, step 2",
  rationale: "Passwords for the portal and the Web Service SDK (Basic) travel in clear text over http.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const sites = webSites(stack);
    if (sites.length === 0)
      return [violation(undefined, "the stack declares no web site", "declare it by the WebServer component")];
    return sites.flatMap((site) => {
      const bindings = bindingsOf(site);
      if (bindings.length === 0) return [violation(site.urn, `${nameOf(site)} has no binding`, mend)];
      return bindings.flatMap((binding) => bindingFindings(site, binding));
    });
  },
};

function bindingFindings(site: StackResource, binding: Value): Finding[] {
  const protocol = at(binding, "Protocol");
  if (protocol === UNKNOWN) return [cannotTell(site.urn, `the bindings of ${nameOf(site)}`)];
  if (protocol !== "https") {
    return [
      violation(
        site.urn,
        `${nameOf(site)} answers on ${String(protocol)} port ${String(at(binding, "Port") ?? "?")}`,
        mend,
      ),
    ];
  }
  const thumbprint = at(binding, "CertificateThumbprint");
  if (thumbprint === UNKNOWN) return [cannotTell(site.urn, `the certificate of ${nameOf(site)}`)];
  if (typeof thumbprint === "string" && thumbprint !== "") return [];
  return [violation(site.urn, `the https binding of ${nameOf(site)} has no certificate`, mend)];
}

function nameOf(site: StackResource): string {
  const name = dscProperty(site, "Name");
  return typeof name === "string" ? name : site.name;
}
