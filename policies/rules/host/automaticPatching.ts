import { procedure } from "../../references.ts";
import { at, UNKNOWN } from "../../values.ts";
import { machineRule } from "./machineRule.ts";

export const automaticPatching = machineRule({
  id: "MFA-HOST-005",
  title: "The host is patched automatically.",
  prerequisite: "A server that is domain-joined and patched.",
  step: "Prerequisites",
  rationale: "A server on the Internet that nobody patches is the first way in.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  path: ["osProfile", "windowsConfiguration"],
  fault(configuration) {
    const mode = at(configuration, "patchSettings", "patchMode");
    const updates = at(configuration, "enableAutomaticUpdates");
    if (mode === UNKNOWN) return UNKNOWN;
    if (mode === "AutomaticByPlatform" || mode === "AutomaticByOS") return undefined;
    if (mode !== undefined) return `has patchMode ${String(mode)}`;
    if (updates === UNKNOWN || updates === true) return updates === true ? undefined : UNKNOWN;
    return updates === undefined ? "says nothing about updates" : "has patchMode Manual";
  },
  mend: "set osProfile.windowsConfiguration.patchSettings.patchMode to AutomaticByPlatform; the kit's WindowsHost component does",
});
