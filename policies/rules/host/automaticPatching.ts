import { machineRule } from "./machineRule.ts";

export const automaticPatching = machineRule({
  id: "MFA-HOST-005",
  title: "The host is patched automatically.",
  prerequisite: "A server that is domain-joined and patched.",
  rationale: "A server on the Internet that nobody patches is the first way in.",
  level: "mandatory",
  severity: "high",
  path: ["osProfile", "windowsConfiguration"],
  fault(configuration) {
    const { patchSettings, enableAutomaticUpdates } = (configuration ?? {}) as {
      patchSettings?: { patchMode?: string };
      enableAutomaticUpdates?: boolean;
    };
    const mode = patchSettings?.patchMode;
    if (mode === "AutomaticByPlatform" || mode === "AutomaticByOS") return undefined;
    return mode === undefined && enableAutomaticUpdates !== false ? undefined : `has patchMode ${mode ?? "Manual"}`;
  },
  mend: "set osProfile.windowsConfiguration.patchSettings.patchMode to AutomaticByPlatform; the kit's WindowsHost component does",
});
