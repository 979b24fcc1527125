import { procedure } from "../../references.ts";
import { cannotTell, type ResourceRule, violation } from "../../rule.ts";
import { at, UNKNOWN } from "../../values.ts";

export const passwordEncrypted: ResourceRule = {
  kind: "resource",
  id: "MFA-SEC-005",
  family: "secrets",
  title: "The password in a web.config is encrypted on the host.",
  prerequisite: "Open web.config in Notepad and modify the following values: one of them is a password.",
  step: "Install Web Portal, step 11",
  rationale: "Whoever reads the file, or a backup of it, can call the Web Service SDK as the service account.",
  level: "advisory",
  baselines: { cis: "mandatory" },
  severity: "medium",
  references: [
    procedure,
    {
      title: "Microsoft: ASP.NET IIS Registration Tool (aspnet_regiis -pef)",
      url: "https://learn.microsoft.com/previous-versions/zhhddkxy(v=vs.140)",
    },
  ],
  types: ["mfakit:web:ConfigFile"],
  check({ urn, name, properties }) {
    const settings = at(properties, "appSettings");
    if (settings === UNKNOWN) return [cannotTell(urn, `whether ${name} holds a password`, undefined, "appSettings")];
    const names = Object.keys(typeof settings === "object" && settings !== null ? settings : {});
    if (!names.some((each) => each.endsWith("PASSWORD"))) return { notApplicable: "no password in this file" };
    const value = at(properties, "encrypt");
    if (value === UNKNOWN)
      return [cannotTell(urn, `whether the password in ${name} is encrypted`, undefined, "encrypt")];
    if (value === true) return [];
    const mend =
      "pulumi config set --path mfa-server:mfaServer.mobileAppWebService.encrypt true; on a ConfigFile of your own set encrypt: true";
    return [violation(urn, `the password in ${name} is in clear text`, mend, { property: "encrypt", value })];
  },
};
