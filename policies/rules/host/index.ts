import type { Rule } from "../../rule.ts";
import { activatableWindows } from "./activatableWindows.ts";
import { automaticPatching } from "./automaticPatching.ts";
import { bootDiagnostics } from "./bootDiagnostics.ts";
import { domainJoined } from "./domainJoined.ts";
import { encryptionAtHost } from "./encryptionAtHost.ts";
import { identityScope } from "./identityScope.ts";
import { pinnedImage } from "./pinnedImage.ts";
import { supportedWindows } from "./supportedWindows.ts";
import { trustedLaunch } from "./trustedLaunch.ts";

export const host: readonly Rule[] = [
  domainJoined,
  encryptionAtHost,
  trustedLaunch,
  pinnedImage,
  automaticPatching,
  supportedWindows,
  activatableWindows,
  identityScope,
  bootDiagnostics,
];
