import type { SecureContextOptions } from "node:tls";
import type { Machine } from "../machine.ts";
import { readValue } from "./registry.ts";

/** Key of the TLS versions. */
export const schannelProtocols = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols";

/**
 * Versions that Windows' TLS offers as a server: Windows Server 2016 has TLS 1.0 on until the registry says otherwise. Windows reads it at
 * the next start, here it counts at once; what it says about ciphers is not simulated, OpenSSL has those no more.
 */
export function offeredBySchannel({ store }: Machine): Pick<SecureContextOptions, "minVersion" | "ciphers"> {
  const { windows } = store.state;
  const isOn = (version: string) =>
    windows === undefined ||
    String(readValue(windows, `${schannelProtocols}\\${version}\\Server`, "Enabled")?.data) !== "0";
  if (!isOn("TLS 1.0") && !isOn("TLS 1.1")) return { minVersion: "TLSv1.2" };
  // OpenSSL speaks the old versions only at its lowest security level.
  return { minVersion: isOn("TLS 1.0") ? "TLSv1" : "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" };
}
