import type { CheckFailure } from "../engine/definition.ts";
import { isUnknown } from "../engine/values.ts";
import { asciiName, coveringWildcard, isInZone, nameProblem } from "./dnsNames.ts";
import { zoneName } from "./dnsZone.ts";
import type { CertificateInputs } from "./schema.ts";

/**
 * Rules that the schema cannot say. Values that are unknown in a preview are taken to be right. `dnsUpdateZone`: the zone outside
 * Azure that the provider may write to.
 */
export function checkCertificate(inputs: CertificateInputs, dnsUpdateZone?: string): CheckFailure[] {
  const { dnsNames, dnsZoneId, delegatedZoneIds, challenge } = inputs;
  const failures = [...zoneProblems(inputs, dnsUpdateZone), ...challengeProblems(challenge)];
  if (isUnknown(dnsNames)) return failures;

  const zone = typeof dnsZoneId === "string" ? zoneName(dnsZoneId) : undefined;
  // Where the challenge is answered is decided by CNAME records, once they can lead elsewhere.
  const isDelegated = delegatedZoneIds !== undefined || dnsUpdateZone !== undefined;
  const names = dnsNames.map((name) => (isUnknown(name) ? "" : asciiName(name)));
  for (const [index, name] of dnsNames.entries()) {
    if (isUnknown(name)) continue;
    const reason = nameProblem(name) ?? relationProblem(names, index, isDelegated ? undefined : zone);
    if (reason) failures.push({ property: `dnsNames[${index}]`, reason });
  }
  return failures;
}

const ZONE_FORM = "/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Network/dnsZones/<name>";

function zoneProblems(
  { dnsZoneId, delegatedZoneIds }: CertificateInputs,
  dnsUpdateZone: string | undefined,
): CheckFailure[] {
  const reason = `is not the ARM id of a public DNS zone (${ZONE_FORM}).`;
  const isWrong = (id: string) => !isUnknown(id) && zoneName(id) === undefined;
  const failures: CheckFailure[] = [];
  if (dnsZoneId !== undefined && isWrong(dnsZoneId)) failures.push({ property: "dnsZoneId", reason });
  if (dnsZoneId === undefined && dnsUpdateZone === undefined) {
    const missing = "is missing, and the provider has no `acme.dnsUpdate`: the challenge could be answered nowhere.";
    failures.push({ property: "dnsZoneId", reason: missing });
  }
  if (delegatedZoneIds === undefined || isUnknown(delegatedZoneIds)) return failures;
  for (const [index, id] of delegatedZoneIds.entries()) {
    if (isWrong(id)) failures.push({ property: `delegatedZoneIds[${index}]`, reason });
  }
  return failures;
}

function challengeProblems(challenge: string | undefined): CheckFailure[] {
  if (challenge === undefined || isUnknown(challenge) || challenge === "dns-01") return [];
  const why =
    challenge === "http-01"
      ? "http-01 is answered on port 80, which the kit keeps closed, and it proves no wildcard"
      : `"${challenge}" is no challenge that the kit answers`;
  return [{ property: "challenge", reason: `${why}; leave it out, or write dns-01.` }];
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
