import { at, UNKNOWN } from "../../values.ts";
import { machineRule } from "./machineRule.ts";

export const pinnedImage = machineRule({
  id: "MFA-HOST-004",
  title: "The host's image is pinned to one version.",
  prerequisite: "Baseline: repeatable hosts.",
  step: "Security baseline",
  rationale:
    "latest is resolved when the machine is made: two environments, or a rebuilt one, start from different images.",
  level: "advisory",
  severity: "low",
  references: [],
  path: ["storageProfile", "imageReference", "version"],
  fault(value, properties) {
    const id = at(properties, "storageProfile", "imageReference", "id");
    // An image of one's own names its version in its id, or is one version itself.
    if (value === undefined && id !== undefined) return typeof id === "string" ? undefined : UNKNOWN;
    if (typeof value !== "string" || value === "") return `is ${String(value ?? "not set")}, which is no version`;
    return value === "latest" ? "is latest" : undefined;
  },
  mend: "pulumi config set --path mfa-server:host.image.version <version> (az vm image list --publisher MicrosoftWindowsServer --offer WindowsServer --all)",
});
