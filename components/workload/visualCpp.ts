import type { XPackageProperties } from "../../provider/dsc/generated/xPSDesiredStateConfiguration.ts";

export type VisualCppArchitecture = "x64" | "x86";

/** Where the runtime of Visual C++ 2015 and later says that it is installed. */
const runtimeKeys: Record<VisualCppArchitecture, string> = {
  x64: "SOFTWARE\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\x64",
  x86: "SOFTWARE\\Wow6432Node\\Microsoft\\VisualStudio\\14.0\\VC\\Runtimes\\x86",
};

/** The restart can wait (3010), and a newer version being there already (1638) is as good. */
const successCodes = [0, 1638, 3010];

/**
 * A Visual C++ redistributable package. It is recognised by the runtime's own registry value, because its name in Windows' list
 * carries the exact version and changes with every update.
 */
export function visualCppPackage(architecture: VisualCppArchitecture): Omit<XPackageProperties, "Path"> {
  return {
    Name: `Microsoft Visual C++ Redistributable (${architecture})`,
    ProductId: "",
    Ensure: "Present",
    Arguments: "/install /quiet /norestart",
    ReturnCode: successCodes,
    InstalledCheckRegHive: "LocalMachine",
    InstalledCheckRegKey: runtimeKeys[architecture],
    InstalledCheckRegValueName: "Installed",
    InstalledCheckRegValueData: "1",
  };
}
