import { installWebServer, registerAspNet, removeWebServer } from "../iis/webServer.ts";
import { findFeature, installClosure, isInstalled, removalClosure, subFeatures } from "../windows/features.ts";
import { type DscSemantics, flag, required, wantsPresent } from "./semantics.ts";

export const windowsFeature: DscSemantics = {
  get({ windows }, properties) {
    const feature = findFeature(required(properties, "Name"));
    const children = subFeatures(feature.name);
    return {
      Name: required(properties, "Name"),
      DisplayName: feature.displayName,
      Ensure: isInstalled(windows, feature.name) ? "Present" : "Absent",
      IncludeAllSubFeature: children.length > 0 && children.every((child) => isInstalled(windows, child.name)),
    };
  },

  test({ windows }, properties) {
    const feature = findFeature(required(properties, "Name"));
    if (isInstalled(windows, feature.name) !== wantsPresent(properties)) return false;
    if (!wantsPresent(properties) || flag(properties, "IncludeAllSubFeature") !== true) return true;
    return subFeatures(feature.name).every((child) => isInstalled(windows, child.name));
  },

  set(machine, properties) {
    const { windows } = machine;
    const name = required(properties, "Name");
    if (!wantsPresent(properties)) {
      const gone = removalClosure(windows, name);
      windows.features = windows.features.filter((feature) => !gone.includes(feature));
      if (!gone.includes("Web-WebServer")) return false;
      removeWebServer(windows);
      // The web server's drivers leave with the next start of Windows only.
      windows.pendingReboot = [...new Set([...windows.pendingReboot, "ComponentBasedServicing"])];
      return true;
    }
    for (const feature of installClosure(windows, name, flag(properties, "IncludeAllSubFeature") ?? false)) {
      if (!isInstalled(windows, feature)) windows.features.push(feature);
    }
    if (isInstalled(windows, "Web-WebServer")) installWebServer(machine);
    if (isInstalled(windows, "Web-Asp-Net45")) registerAspNet(windows);
    return false;
  },
};
