/** One value in the registry. */
export interface RegistryValue {
  /** End of the Pulumi name. */
  id: string;
  key: string;
  valueName: string;
  /** DWORD. */
  value: number;
}

const dotNetKeys = {
  dotnet64: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319",
  dotnet32: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\.NETFramework\\v4.0.30319",
};
const schannelKey =
  "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2";

/**
 * TLS 1.2 for .NET Framework 4 programs (64 and 32 bit) and for Windows' own TLS, as client and as server. Microsoft's "enable TLS 1.2
 * in your environment" lists only version 8.0.x and later of the product as ready for Entra endpoints that take nothing older; how an
 * earlier version behaves with these settings is not documented (check on a host).
 */
export const tls12Settings: readonly RegistryValue[] = [
  ...Object.entries(dotNetKeys).flatMap(([id, key]) => [
    { id: `${id}-strong-crypto`, key, valueName: "SchUseStrongCrypto", value: 1 },
    { id: `${id}-system-default`, key, valueName: "SystemDefaultTlsVersions", value: 1 },
  ]),
  ...["Client", "Server"].flatMap((side) => [
    { id: `schannel-${side.toLowerCase()}-enabled`, key: `${schannelKey}\\${side}`, valueName: "Enabled", value: 1 },
    {
      id: `schannel-${side.toLowerCase()}-default`,
      key: `${schannelKey}\\${side}`,
      valueName: "DisabledByDefault",
      value: 0,
    },
  ]),
];

const schannel = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL";

/**
 * What Windows Server 2016 still offers to clients and no browser or phone of today needs: TLS 1.0 and 1.1 as a server, and 3DES. As a
 * client the host keeps them, for whatever it talks to inside.
 */
export const oldTlsSettings: readonly RegistryValue[] = [
  ...["1.0", "1.1"].flatMap((version) => {
    const key = `${schannel}\\Protocols\\TLS ${version}\\Server`;
    const id = `tls${version.replace(".", "")}-server`;
    return [
      { id: `${id}-enabled`, key, valueName: "Enabled", value: 0 },
      { id: `${id}-default`, key, valueName: "DisabledByDefault", value: 1 },
    ];
  }),
  { id: "triple-des", key: `${schannel}\\Ciphers\\Triple DES 168`, valueName: "Enabled", value: 0 },
];
