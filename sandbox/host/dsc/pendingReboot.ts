import { type DscSemantics, flag, required } from "./semantics.ts";

/** Asks whether Windows wants a restart; its Set only tells the caller so. */
export const pendingReboot: DscSemantics = {
  get({ windows }, properties) {
    const waits = (reason: string) => windows.pendingReboot.includes(reason);
    return {
      Name: required(properties, "Name"),
      ComponentBasedServicing: waits("ComponentBasedServicing"),
      WindowsUpdate: waits("WindowsUpdate"),
      PendingFileRename: waits("PendingFileRename"),
      PendingComputerRename: waits("PendingComputerRename"),
      CcmClientSDK: false,
      RebootRequired: windows.pendingReboot.length > 0,
    };
  },

  test({ windows }, properties) {
    return windows.pendingReboot.every((reason) => flag(properties, `Skip${reason}`) === true);
  },

  set() {
    return true;
  },
};
