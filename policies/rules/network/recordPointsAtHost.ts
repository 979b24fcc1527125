import { procedure } from "../../references.ts";
import { cannotTell, type StackRule, violation } from "../../rule.ts";
import { isMfaStack } from "../../stack.ts";
import { at, elements, lower, type Properties, UNKNOWN, type Value } from "../../values.ts";

const recordSet = "azure-native:dns:RecordSet";
const publicIpAddress = "azure-native:network:PublicIPAddress";

export const recordPointsAtHost: StackRule = {
  kind: "stack",
  id: "MFA-NET-003",
  family: "network",
  title: "The public name points at the host's public address.",
  prerequisite: "A valid DNS entry created.",
  step: "Prerequisites",
  rationale: "The certificate and every address that people are given carry this name.",
  level: "mandatory",
  severity: "high",
  references: [procedure],
  check(stack) {
    if (!isMfaStack(stack)) return { notApplicable: "no MFA server in this stack" };
    const records = stack.ofType(recordSet).filter(({ properties }) => isAddressRecord(properties));
    const addresses = stack.ofType(publicIpAddress);
    if (records.length === 0) {
      return [
        violation(
          undefined,
          "the stack has no A record for the public name",
          "set mfa-server:publicEndpoint.hostName and .zone; the PublicEndpoint component makes the record",
        ),
      ];
    }
    const host = addresses.map(({ properties }) => at(properties, "ipAddress"));
    return records.flatMap((record) => {
      const list = at(record.properties, "aRecords");
      const targets: Value[] = list === UNKNOWN ? [UNKNOWN] : elements(list).map((entry) => at(entry, "ipv4Address"));
      if (targets.includes(UNKNOWN)) return [cannotTell(record.urn, `the address in ${record.name}`)];
      if (host.includes(UNKNOWN)) return [cannotTell(record.urn, "the host's public address")];
      if (host.length === 0) return [cannotTell(record.urn, "the host's public address, which is not in this stack")];
      if (targets.length > 0 && targets.every((target) => host.includes(target))) return [];
      return [
        violation(
          record.urn,
          `${record.name} points at ${targets.map(String).join(", ") || "nothing"}; the host's public address is ${host.map(String).join(", ")}`,
          "run pulumi up --refresh: it writes the address of the PublicIPAddress into the record",
        ),
      ];
    });
  },
};

function isAddressRecord(properties: Properties): boolean {
  // Read back, the type is `Microsoft.Network/dnszones/A`; asked for, it is `A`.
  const type = lower(properties.recordType) ?? lower(properties.type)?.split("/").at(-1);
  return type === undefined ? properties.aRecords !== undefined : type === "a";
}
