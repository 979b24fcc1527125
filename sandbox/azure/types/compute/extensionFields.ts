import { any, computed, type Fields, flag, list, text } from "../../arm/shape.ts";

/** What an extension consists of, by itself and among the resources of its machine. */
export const extensionFields: Fields = {
  publisher: text({ required: "service" }),
  type: text({ required: "service", sdkInputOnly: true }),
  typeHandlerVersion: text({ required: "service", pattern: /^\d+\.\d+(\.\d+){0,2}$/ }),
  autoUpgradeMinorVersion: flag(),
  enableAutomaticUpgrade: flag(),
  forceUpdateTag: text(),
  settings: any(),
  protectedSettings: any({ writeOnly: true }),
  suppressFailures: flag(),
  provisionAfterExtensions: list(text()),
  provisioningState: computed(text()),
};
