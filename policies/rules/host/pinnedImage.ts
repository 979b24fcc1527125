import { machineRule } from "./machineRule.ts";

export const pinnedImage = machineRule({
  id: "MFA-HOST-004",
  title: "The host's image is pinned to one version.",
  prerequisite: "Baseline: repeatable hosts.",
  rationale:
    "latest is resolved when the machine is made: two environments, or a rebuilt one, start from different images.",
  level: "advisory",
  severity: "low",
  path: ["storageProfile", "imageReference", "version"],
  fault: (value) => (value === "latest" ? "is latest" : undefined),
  mend: "pulumi config set --path mfa-server:host.image.version <version> (az vm image list --publisher MicrosoftWindowsServer --offer WindowsServer --all)",
});
