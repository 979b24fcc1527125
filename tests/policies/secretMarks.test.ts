/** MFA-SEC-001 on every form that a value can have: judged by the review, mended by the pack. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluate, type PlainResource, type RuleResult } from "../../policies/evaluate.ts";
import { policySettings } from "../../policies/settings.ts";
import { signatureKey, signatures, unknownString } from "../../provider/engine/signatures.ts";
import { type RunningPack, startPolicyPack } from "../support/policyPack.ts";

const sealed = (value: unknown) => ({ [signatureKey]: signatures.secret, value });
const named = (type: string, properties: Record<string, unknown>): PlainResource => ({
  urn: `urn:pulumi:dev::mfa-server::${type}::it`,
  type,
  name: "it",
  properties,
});
const machine = (osProfile: unknown) => named("azure-native:compute:VirtualMachine", { osProfile });
const configFile = (appSettings: unknown) => named("mfakit:web:ConfigFile", { appSettings });

let pack: RunningPack;
beforeAll(async () => {
  pack = await startPolicyPack({ settings: { baseline: "cis" } });
});
afterAll(() => pack.stop());

/** Title, resource, what the review says, where, and whether the pack has something to mark. */
const forms: [string, PlainResource, RuleResult["status"], string | undefined, boolean][] = [
  ["a plain password", machine({ adminPassword: "x" }), "fail", "osProfile.adminPassword", true],
  ["a plain one that is empty", machine({ adminPassword: "" }), "fail", "osProfile.adminPassword", true],
  ["a marked password", machine({ adminPassword: sealed("x") }), "pass", undefined, false],
  ["a marked whole", machine(sealed({ adminPassword: "x" })), "pass", undefined, false],
  ["no password", machine({ computerName: "MFADEV01" }), "pass", undefined, false],
  ["a password that is null", machine({ adminPassword: null }), "pass", undefined, false],
  ["no profile", machine(undefined), "pass", undefined, false],
  ["a profile that is null", machine(null), "pass", undefined, false],
  ["a profile that is text", machine("adminPassword"), "pass", undefined, false],
  ["an empty profile", machine({}), "pass", undefined, false],
  [
    "one marked name among plain ones",
    configFile({ A_PASSWORD: "x", B_PASSWORD: sealed("y") }),
    "fail",
    "appSettings.A_PASSWORD",
    true,
  ],
  ["only marked names", configFile({ A_PASSWORD: sealed("x"), URL: "https://it" }), "pass", undefined, false],
  ["a name that ends otherwise", configFile({ PASSWORD_HINT: "x" }), "pass", undefined, false],
];

describe("the review", () => {
  const judged = (resource: PlainResource): RuleResult => {
    const results = evaluate([resource], policySettings({ baseline: "cis" }), new Date());
    return results.find(({ rule }) => rule.id === "MFA-SEC-001") as RuleResult;
  };

  test.each(forms)("%s", (_, resource, status, property) => {
    const result = judged(resource);
    expect(result.status).toBe(status);
    expect(result.findings.map((finding) => finding.property)).toEqual(property === undefined ? [] : [property]);
  });

  test.each<[string, PlainResource]>([
    ["every part as a preview prints it", machine({ adminPassword: "[secret]", customData: "[secret]" })],
    ["parts of parts", machine({ adminPassword: { a: "[secret]", b: { c: "[secret]" } } })],
  ])("takes for marked: %s", (_, resource) => {
    expect(judged(resource).status).toBe("pass");
  });

  test("an object with one part in clear text is not marked", () => {
    expect(judged(machine({ adminPassword: { a: "[secret]", b: "x" } })).status).toBe("fail");
    expect(judged(machine({ adminPassword: { a: "[secret]", b: null } })).status).toBe("fail");
    expect(judged(machine({ adminPassword: {} })).status).toBe("fail");
  });

  test.each<[string, unknown, string]>([
    ["the password", { adminPassword: unknownString }, "whether osProfile.adminPassword of it is a secret"],
    ["all that holds it", unknownString, "whether osProfile of it is a secret"],
  ])("cannot tell of %s that is not known", (_, profile, what) => {
    expect(judged(machine(profile))).toMatchObject({ status: "cannotTell", findings: [{ what }] });
  });

  test("has nothing to say of what holds no secret", () => {
    expect(judged(named("azure-native:network:VirtualNetwork", { password: "x" })).status).toBe("notApplicable");
  });
});

describe("the pack", () => {
  test.each(forms)("%s", async (_title, resource, _status, property, marks) => {
    const { urn, type, name, properties } = resource;
    const remedies = await pack.remediate({ urn, type, name, properties: structuredClone(properties) });
    const own = remedies.filter(({ policy }) => policy === "MFA-SEC-001");
    expect(own).toHaveLength(marks ? 1 : 0);
    if (!marks || property === undefined) return;
    const [at = "", last = ""] = property.split(".");
    const mended = own[0]?.properties as Record<string, Record<string, unknown>>;
    expect(mended[at]?.[last]).toMatchObject({ [signatureKey]: signatures.secret });
  });
});
