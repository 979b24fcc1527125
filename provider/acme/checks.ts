import type { CheckFailure } from "../engine/definition.ts";
import { isUnknown } from "../engine/values.ts";
import { asciiName, coveringWildcard, isInZone, nameProblem } from "./dnsNames.ts";
import { zoneName } from "./dnsZone.ts";
import type { CertificateInputs } from "./schema.ts";

/** Rules that the schema cannot say. Values that are unknown in a preview are taken to be right. */
export function checkCertificate({ dnsNames, dnsZoneId }: CertificateInputs): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const zone = isUnknown(dnsZoneId) ? undefined : zoneName(dnsZoneId);
  if (!zone && !isUnknown(dnsZoneId)) {
    failures.push({
      property: "dnsZoneId",
      reason:
        "is not the ARM id of a public DNS zone (/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/dnsZones/<name>).",
    });
  }
  if (isUnknown(dnsNames)) return failures;

  const names = dnsNames.map((name) => (isUnknown(name) ? "" : asciiName(name)));
  for (const [index, name] of dnsNames.entries()) {
    if (isUnknown(name)) continue;
    const reason = nameProblem(name) ?? relationProblem(names, index, zone);
    if (reason) failures.push({ property: `dnsNames[${index}]`, reason });
  }
  return failures;
}

/** What is wrong with a well-formed name beside the others and in this zone. */
function relationProblem(names: string[], index: number, zone: string | undefined): string | undefined {
  const name = names[index] as string;
  if (names.indexOf(name) < index) return `"${name}" is there twice.`;
  const wildcard = coveringWildcard(name, names);
  if (wildcard) return `"${name}" is covered by "${wildcard}" already; authorities refuse a request with both.`;
  if (zone && !isInZone(name, zone)) {
    return `"${name}" is not in the zone "${zone}"; its challenge cannot be answered there.`;
  }
  return undefined;
}
