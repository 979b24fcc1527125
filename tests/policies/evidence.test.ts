/** What the review shows beside a finding: the place and the value that is really there, and never that of a secret. */
import { describe, expect, test } from "vitest";
import { evaluate, type JudgedFinding, type PlainResource, type RuleResult } from "../../policies/evaluate.ts";
import { rules } from "../../policies/rules.ts";
import { policySettings } from "../../policies/settings.ts";
import { signatureKey, signatures, unknownString } from "../../provider/engine/signatures.ts";
import { allExamples } from "./allExamples.ts";

const cases = await allExamples();
const examples = rules.flatMap(({ id }) =>
  (["failing", "unknown", "malformed"] as const).map((kind) => ({ id, kind, example: cases[id]?.[kind] })),
);

function judged(id: string, resources: readonly PlainResource[], more: object = {}): RuleResult {
  const results = evaluate(resources, policySettings({ baseline: "cis", ...more }), new Date());
  return results.find(({ rule }) => rule.id === id) as RuleResult;
}

/** The value at `storageProfile.disks[0].name`, or `undefined`. */
function valueAt(properties: object, path: string): unknown {
  const names = path.split(/[.[\]]/).filter((name) => name !== "");
  return names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], properties);
}

function inWords(value: unknown): string {
  if (value === undefined || value === null) return value === null ? "null" : "not set";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Rules whose evidence is what they read out of the value, not the value. */
const inWordsOfTheirOwn = ["MFA-HOST-007", "MFA-CERT-003", "MFA-SEC-001"];

describe("the evidence of every rule's cases", () => {
  test.each(examples)("$id, $kind", ({ id, example }) => {
    const { resources = [], config, exemptions = [] } = example ?? {};
    const { findings } = judged(id, resources, { exemptions, ...(config && { rules: { [id]: config } }) });
    for (const finding of findings) {
      const { urn, property, value, verdict, what } = finding;
      // Reports are made from what is there: nothing is there without a value.
      expect(Object.values(finding)).not.toContain(undefined);
      const place = resources.find((each) => each.urn === urn);
      if (urn !== undefined) expect(place, `${urn}: ${what}`).toBeDefined();
      if (verdict === "cannotTell") expect(value).toBeUndefined();
      if (verdict === "violation") expect(value === undefined, what).toBe(property === undefined);
      if (place === undefined || property === undefined || value === undefined) continue;
      const there = valueAt(place.properties, property);
      // Some rules look at the elements together and say so in their own words.
      if (!Array.isArray(there) && !inWordsOfTheirOwn.includes(id))
        expect(value, `${id} ${property}`).toBe(inWords(there));
    }
  });
});

const urn = "urn:pulumi:dev::mfa-server::azure-native:compute:VirtualMachine::vm";
function machine(properties: Record<string, unknown>): PlainResource[] {
  return [
    {
      urn,
      type: "azure-native:compute:VirtualMachine",
      name: "vm",
      properties: { osProfile: { windowsConfiguration: {} }, ...properties },
    },
  ];
}
const encryption = (value: unknown): RuleResult =>
  judged("MFA-HOST-002", machine({ securityProfile: { encryptionAtHost: value } }));
const sealed = (content: object) => ({ [signatureKey]: signatures.secret, ...content });

describe("the evidence of every rule's failing case, when it lies in a secret", () => {
  test.each(examples.filter(({ kind }) => kind === "failing"))("$id", ({ id, example }) => {
    const { resources = [], config, exemptions = [] } = example ?? {};
    const more = { exemptions, ...(config && { rules: { [id]: config } }) };
    const open = judged(id, resources, more).findings.filter(({ property }) => property !== undefined);
    const tops = new Set(open.map(({ property = "" }) => property.split(/[.[]/)[0] ?? ""));
    const hidden = resources.map(({ properties, ...rest }) => {
      const marked = Object.entries(properties).map(([name, value]) => [
        name,
        tops.has(name) ? sealed({ value }) : value,
      ]);
      return { ...rest, properties: Object.fromEntries(marked) };
    });
    for (const finding of judged(id, hidden, more).findings) {
      const isThere = hidden.some(({ urn: where }) => where === finding.urn);
      if (isThere && finding.property !== undefined) expect(finding.value, JSON.stringify(finding)).toBe("[secret]");
    }
  });
});

describe("values as saved previews and states write them", () => {
  test.each<[string, unknown, RuleResult["status"]]>([
    ["a plain value", true, "pass"],
    ["a plain value that is wrong", false, "fail"],
    ["a secret in the clear", sealed({ value: true }), "pass"],
    ["a secret as JSON text", sealed({ plaintext: "true" }), "pass"],
    ["a secret as JSON text that is wrong", sealed({ plaintext: "false" }), "fail"],
    ["an encrypted secret", sealed({ ciphertext: "v1:abc" }), "cannotTell"],
    ["a secret whose text is no JSON", sealed({ plaintext: "tru" }), "cannotTell"],
    ["what a preview prints for a secret", "[secret]", "cannotTell"],
    ["a value that is not known yet", unknownString, "cannotTell"],
  ])("%s", (_, value, status) => {
    expect(encryption(value).status).toBe(status);
  });

  test("beneath a value that is not known, nothing is known", () => {
    expect(judged("MFA-HOST-002", machine({ securityProfile: unknownString })).status).toBe("cannotTell");
    expect(judged("MFA-HOST-002", machine({ securityProfile: sealed({ ciphertext: "v1:abc" }) })).status).toBe(
      "cannotTell",
    );
    expect(
      judged("MFA-HOST-002", machine({ securityProfile: sealed({ value: { encryptionAtHost: true } }) })).status,
    ).toBe("pass");
  });

  test("the name of something inherited is no property", () => {
    expect(judged("MFA-HOST-002", machine({ securityProfile: [] })).status).toBe("fail");
    expect(judged("MFA-HOST-002", machine({ securityProfile: "constructor" })).status).toBe("fail");
  });
});

describe("what nobody can tell yet", () => {
  test("is said of the property that would tell", () => {
    expect(encryption(unknownString).findings).toEqual([
      { verdict: "cannotTell", urn, property: "securityProfile.encryptionAtHost", what: expect.any(String) },
    ]);
  });

  test("includes what a provider has still to answer, and nothing that it has left out", () => {
    const resources = cases["MFA-WEB-004"]?.passing?.resources ?? [];
    const unanswered = (incomplete: boolean) =>
      resources.map(({ properties, ...rest }): PlainResource => {
        const { properties: _unanswered, ...asked } = properties;
        return { ...rest, properties: asked, ...(incomplete && { incomplete }) };
      });
    expect(judged("MFA-WEB-004", resources).status).toBe("pass");
    expect(judged("MFA-WEB-004", unanswered(true)).status).toBe("cannotTell");
    expect(judged("MFA-WEB-004", unanswered(false)).status).toBe("fail");
  });

  test("comes with a way to find out where waiting is not enough", () => {
    const { findings } = judged("MFA-LIC-001", cases["MFA-LIC-001"]?.unknown?.resources ?? []);
    expect(findings.map(({ mend }) => mend)).toEqual(findings.map(() => expect.stringMatching(/./)));
  });
});

describe("the policy SDK's own wrapper around a secret", () => {
  class Secret {
    readonly value: unknown;
    constructor(value: unknown) {
      this.value = value;
    }
  }
  test.each<[string, unknown, RuleResult["status"]]>([
    ["is opened", new Secret({ encryptionAtHost: true }), "pass"],
    ["is no wrapper without a value", Object.create(Secret.prototype), "fail"],
    ["is none by a property of that name", { value: { encryptionAtHost: true } }, "fail"],
    ["may be missing its class", Object.assign(Object.create(null), { encryptionAtHost: true }), "pass"],
  ])("%s", (_, securityProfile, status) => {
    expect(judged("MFA-HOST-002", machine({ securityProfile })).status).toBe(status);
  });
});

describe("the value of a secret", () => {
  const leaks = (finding: JudgedFinding | undefined) => JSON.stringify(finding);

  test("is hidden where the rule points at it, and in its sentence", () => {
    const image = { publisher: "p", offer: "o", sku: "s", version: sealed({ plaintext: '"latest"' }) };
    const { findings } = judged("MFA-HOST-004", machine({ storageProfile: { imageReference: image } }));
    expect(findings[0]).toMatchObject({ property: "storageProfile.imageReference.version", value: "[secret]" });
    expect(leaks(findings[0])).not.toContain("latest");
    expect(findings[0]?.what).toContain("[secret]");
  });

  test("is hidden when what holds it is the secret", () => {
    const profile = sealed({ value: { encryptionAtHost: "perhaps-not" } });
    const { findings } = judged("MFA-HOST-002", machine({ securityProfile: profile }));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.value).toBe("[secret]");
    expect(leaks(findings[0])).not.toContain("perhaps-not");
  });

  test("of another property leaves the evidence alone", () => {
    const { findings } = judged(
      "MFA-HOST-002",
      machine({
        securityProfile: { encryptionAtHost: false },
        secur: sealed({ value: "hush-hush" }),
        list: [sealed({ value: "abc" })],
      }),
    );
    expect(findings[0]).toMatchObject({ property: "securityProfile.encryptionAtHost", value: "false" });
  });
});
