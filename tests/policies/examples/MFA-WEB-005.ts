import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, registry } from "./resources.ts";

const protocols = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols";
const off = (version: string, data: unknown = ["0"]) =>
  registry(`tls-${version}`, `${protocols}\\TLS ${version}\\Server`, "Enabled", data);

export const examples: RuleExamples = {
  passing: { title: "both switched off", resources: [mfaServer, off("1.0"), off("1.1")] },
  failing: {
    title: "TLS 1.1 left to Windows",
    resources: [mfaServer, off("1.0")],
    says: "nothing sets TLS 1.1\\Server\\Enabled to 0",
    where: "",
  },
  unknown: {
    title: "a value that is not known yet",
    resources: [mfaServer, off("1.0"), off("1.1", notKnownYet)],
    says: "whether TLS 1.1\\Server\\Enabled is 0",
    where: "tls-1.1",
  },
  malformed: {
    title: "an empty list in place of the value",
    resources: [mfaServer, off("1.0"), off("1.1", [])],
    says: "TLS 1.1\\Server\\Enabled is not set, not 0",
    where: "tls-1.1",
  },
};
