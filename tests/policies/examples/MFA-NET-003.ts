import type { RuleExamples } from "./example.ts";
import { mfaServer, notKnownYet, resource } from "./resources.ts";

const address = (ipAddress: string) => resource("azure-native:network:PublicIPAddress", "address", { ipAddress });
const record = (ipv4Address: string) =>
  resource("azure-native:dns:RecordSet", "record", { recordType: "A", aRecords: [{ ipv4Address }] });

export const examples: RuleExamples = {
  passing: { title: "the host's own address", resources: [mfaServer, address("203.0.113.10"), record("203.0.113.10")] },
  failing: {
    title: "another address",
    resources: [mfaServer, address("203.0.113.10"), record("198.51.100.7")],
    says: "record points at 198.51.100.7; the host's public address is 203.0.113.10",
    where: "record",
  },
  unknown: {
    title: "an address that Azure has not given yet",
    resources: [mfaServer, address(notKnownYet), record("203.0.113.10")],
    says: "the host's public address",
    where: "record",
  },
  malformed: {
    title: "a record of another shape",
    resources: [
      mfaServer,
      address("203.0.113.10"),
      resource("azure-native:dns:RecordSet", "record", { recordType: "A", aRecords: "203.0.113.10" }),
    ],
    says: "record points at nothing",
    where: "record",
  },
};
