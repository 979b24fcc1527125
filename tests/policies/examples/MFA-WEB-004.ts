import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, registry } from "./resources.ts";

const schannel =
  "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2";
const dotNet = {
  net64: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\.NETFramework\\v4.0.30319",
  net32: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Wow6432Node\\Microsoft\\.NETFramework\\v4.0.30319",
};
/** Every setting; `enabled` is that of the server's TLS 1.2. */
const settings = (enabled: unknown = ["1"]) => [
  ...Object.entries(dotNet).flatMap(([id, key]) =>
    ["SchUseStrongCrypto", "SystemDefaultTlsVersions"].map((name) => registry(`${id}-${name}`, key, name, ["1"])),
  ),
  registry("client-Enabled", `${schannel}\\Client`, "Enabled", ["1"]),
  registry("client-DisabledByDefault", `${schannel}\\Client`, "DisabledByDefault", ["0"]),
  registry("server-Enabled", `${schannel}\\Server`, "Enabled", enabled),
  registry("server-DisabledByDefault", `${schannel}\\Server`, "DisabledByDefault", ["0"]),
];

export const examples: RuleExamples = {
  passing: { title: "TLS 1.2 for Windows and .NET", resources: [mfaServer, ...settings()] },
  failing: {
    title: "switched off for the server",
    resources: [mfaServer, ...settings(["0"])],
    says: "TLS 1.2\\Server\\Enabled is 0, not 1",
    where: "server-Enabled",
  },
  unknown: {
    title: "a value that is not known yet",
    resources: [mfaServer, ...settings(notKnownYet)],
    says: "whether TLS 1.2\\Server\\Enabled is 1",
    where: "server-Enabled",
  },
  malformed: {
    title: "an object in place of the value",
    resources: [mfaServer, ...settings({ on: true })],
    says: 'TLS 1.2\\Server\\Enabled is {"on":true}, not 1',
    where: "server-Enabled",
  },
};
