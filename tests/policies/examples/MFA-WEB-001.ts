import type { RuleExamples } from "./example.ts";
import { dsc, mfaServer, notKnownYet } from "./resources.ts";

const names = ["Web-Server", "Web-Asp-Net45", "Web-ISAPI-Ext", "Web-ISAPI-Filter", "Web-Metabase"];
/** The features; `last` is the state of the last one. */
const features = (last: unknown = "Present") =>
  names.map((Name) => dsc("xWindowsFeature", Name, { Name, Ensure: Name === "Web-Metabase" ? last : "Present" }));

export const examples: RuleExamples = {
  passing: { title: "all five", resources: [mfaServer, ...features()] },
  failing: {
    title: "no IIS 6 metabase",
    resources: [mfaServer, ...features().slice(0, -1)],
    says: "nothing installs Web-Metabase",
    where: "",
  },
  unknown: {
    title: "whether one is installed",
    resources: [mfaServer, ...features(notKnownYet)],
    says: "whether Web-Metabase is installed",
    where: "Web-Metabase",
  },
  malformed: {
    title: "a truth value in place of Present",
    resources: [mfaServer, ...features(false)],
    says: "Web-Metabase is not installed",
    where: "Web-Metabase",
  },
};
