import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCertificate } from "../../../provider/acme/checks.ts";
import { certificate } from "../../../provider/acme/definition.ts";
import { asciiName, nameProblem } from "../../../provider/acme/dnsNames.ts";
import { UNKNOWN } from "../../../provider/engine/values.ts";
import { certificateInputs } from "../../support/certificate.ts";

const ZONE = {
  name: "dev.contoso.com",
  id: "/subscriptions/s/resourceGroups/rg-dns/providers/Microsoft.Network/dnsZones/dev.contoso.com",
};
const inputs = certificateInputs(ZONE);
const failures = (change: Partial<typeof inputs>) =>
  checkCertificate({ ...inputs, ...change }).map(({ property, reason }) => `${property}: ${reason}`);

describe("what a certificate's inputs must be", () => {
  test.each([
    [["mfa.dev.contoso.com"]],
    [["dev.contoso.com", "*.dev.contoso.com"]],
    [["*.dev.contoso.com", "a.b.dev.contoso.com"]],
    [["münchen.dev.contoso.com"]],
  ])("%j is accepted", (dnsNames) => {
    expect(failures({ dnsNames })).toEqual([]);
  });

  test("http-01 is refused with the reason, and other challenges too", () => {
    expect(failures({ challenge: "dns-01" })).toEqual([]);
    expect(failures({ challenge: "http-01" })).toEqual([
      expect.stringMatching(/^challenge: http-01 is answered on port 80, which the kit keeps closed/),
    ]);
    expect(failures({ challenge: "tls-alpn-01" })).toEqual([
      expect.stringContaining("no challenge that the kit answers"),
    ]);
  });

  test("a zone is needed somewhere; names outside it only where CNAME records can lead elsewhere", () => {
    const other = ZONE.id.replace("dev.contoso.com", "challenges.contoso.net");
    const dnsNames = ["mfa.elsewhere.com"];
    expect(failures({ dnsNames })).toHaveLength(1);
    expect(failures({ dnsNames, delegatedZoneIds: [other] })).toEqual([]);
    expect(failures({ delegatedZoneIds: [other, "challenges.contoso.net"] })).toEqual([
      expect.stringMatching(/^delegatedZoneIds\[1\]: is not the ARM id/),
    ]);
    expect(failures({ dnsZoneId: undefined })).toEqual([expect.stringMatching(/^dnsZoneId: is missing/)]);
    expect(checkCertificate({ ...inputs, dnsNames, dnsZoneId: undefined }, "challenges.contoso.net")).toEqual([]);
  });

  test("every problem is reported at once, each at its place", () => {
    const dnsNames = [
      "mfa.dev.contoso.com",
      "MFA.dev.contoso.com",
      "*.dev.contoso.com",
      "portal.contoso.com",
      "a.*.dev.contoso.com",
      "10.1.2.3",
      "under_score.dev.contoso.com",
      "mfa.dev.contoso.com.",
      "localhost",
      "https://mfa.dev.contoso.com",
    ];
    expect(failures({ dnsNames })).toEqual([
      'dnsNames[0]: "mfa.dev.contoso.com" is covered by "*.dev.contoso.com" already; authorities refuse a request with both.',
      'dnsNames[1]: "mfa.dev.contoso.com" is there twice.',
      'dnsNames[3]: "portal.contoso.com" is not in the zone "dev.contoso.com"; its challenge cannot be answered there.',
      'dnsNames[4]: "a.*.dev.contoso.com" has a * in the wrong place; only the whole first label can be one, as in "*.contoso.com".',
      'dnsNames[5]: "10.1.2.3" is an IP address; the DNS-01 challenge proves DNS names only.',
      'dnsNames[6]: "under_score.dev.contoso.com" has the label "under_score"; a label has 1 to 63 letters, digits and hyphens, and no hyphen at its ends.',
      'dnsNames[7]: "mfa.dev.contoso.com." ends with a dot; write it without.',
      'dnsNames[8]: "localhost" is a single label; a public name needs a domain, as in "mfa.contoso.com".',
      'dnsNames[9]: "https://mfa.dev.contoso.com" is not a DNS name.',
    ]);
  });

  test("the zone must be a public one, given by its ARM id", () => {
    for (const dnsZoneId of ["dev.contoso.com", ZONE.id.replace("dnsZones", "privateDnsZones")]) {
      expect(failures({ dnsZoneId })).toEqual([
        expect.stringContaining("dnsZoneId: is not the ARM id of a public DNS zone"),
      ]);
    }
    expect(failures({ dnsZoneId: ZONE.id.toUpperCase() })).toEqual([]);
  });

  test("what is unknown in a preview is taken to be right, what is known is not", () => {
    const unknown = UNKNOWN as unknown as string;
    expect(failures({ dnsNames: UNKNOWN as unknown as string[], dnsZoneId: unknown })).toEqual([]);
    expect(failures({ dnsNames: [unknown, "localhost"], dnsZoneId: unknown })).toEqual([
      expect.stringContaining("dnsNames[1]"),
    ]);
  });

  test("at most 100 names, at least one, and a share between 0 and 1", () => {
    const accepted = (change: object) => certificate.inputs.safeParse({ ...inputs, ...change }).success;
    const names = Array.from({ length: 101 }, (_, index) => `n${index}.dev.contoso.com`);
    expect(accepted({ dnsNames: names })).toBe(false);
    expect(accepted({ dnsNames: names.slice(1) })).toBe(true);
    expect(accepted({ dnsNames: [] })).toBe(false);
    expect(accepted({ renewBefore: 0 })).toBe(false);
    expect(accepted({ renewBefore: 1 })).toBe(false);
    expect(accepted({ unheardOf: true })).toBe(false);
  });

  test("every well-formed name passes and stays itself in ASCII", () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9]{0,20}[a-z0-9])?$/);
    const name = fc.tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 4 }), fc.constantFrom("com", "org"));
    fc.assert(
      fc.property(name, ([wildcard, labels, top]) => {
        const text = `${wildcard ? "*." : ""}${[...labels, top].join(".")}`;
        fc.pre(!labels.some((each) => each.startsWith("xn")));
        expect(nameProblem(text)).toBeUndefined();
        expect(asciiName(text.toUpperCase())).toBe(text);
      }),
    );
  });

  test("no text makes the check throw", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 3 }), (dnsNames) => {
        expect(() => failures({ dnsNames })).not.toThrow();
      }),
    );
  });
});
