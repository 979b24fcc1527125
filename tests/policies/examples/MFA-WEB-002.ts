import type { RuleExamples } from "./example.ts";
import { dsc, mfaServer, notKnownYet } from "./resources.ts";

const isapi = (framework: string, allowed: unknown = "True") =>
  dsc("WebConfigPropertyCollection", framework, {
    CollectionName: "isapiCgiRestriction",
    ItemKeyValue: `C:\\Windows\\Microsoft.NET\\${framework}\\v4.0.30319\\aspnet_isapi.dll`,
    ItemPropertyName: "allowed",
    ItemPropertyValue: allowed,
  });

export const examples: RuleExamples = {
  passing: { title: "allowed for 32 and 64 bit", resources: [mfaServer, isapi("Framework64"), isapi("Framework")] },
  failing: {
    title: "forbidden for 64 bit",
    resources: [mfaServer, isapi("Framework64", "False"), isapi("Framework")],
    says: "ASP.NET 4 (64 bit) is not allowed (False)",
    where: "Framework64",
  },
  unknown: {
    title: "a value that is not known yet",
    resources: [mfaServer, isapi("Framework64"), isapi("Framework", notKnownYet)],
    says: "whether ASP.NET 4 (32 bit) is allowed",
    where: "Framework",
  },
  malformed: {
    title: "a number in place of True",
    resources: [mfaServer, isapi("Framework64", 1), isapi("Framework")],
    says: "ASP.NET 4 (64 bit) is not allowed (1)",
    where: "Framework64",
  },
};
