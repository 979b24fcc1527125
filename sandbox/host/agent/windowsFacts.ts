import type { Result } from "../../../provider/dsc/protocol.ts";
import type { Machine } from "../machine.ts";

export const powershellVersion = "5.1.14393.7428";

/** What the simulated Windows says of itself: a patched Windows Server 2016. */
export function windowsFacts({ windows }: Machine): Result<"facts"> {
  return {
    computerName: windows.computerName,
    osCaption: "Microsoft Windows Server 2016 Datacenter",
    osBuild: "14393",
    domain: windows.domain?.name ?? "WORKGROUP",
    partOfDomain: windows.domain !== undefined,
    pendingReboot: windows.pendingReboot.length > 0,
    bootId: windows.bootId,
    powershell: powershellVersion,
    hotfixes: ["KB5044293", "KB5046612"],
    modules: windows.modules,
  };
}
