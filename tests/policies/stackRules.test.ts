import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "../../policies/rules.ts";
import { type AnalyzedResource, type RunningPack, startPolicyPack, UNKNOWN } from "../support/policyPack.ts";
import { changed, compliantSettings, compliantStack, without } from "./compliantStack.ts";
import { days, unknowns, violations } from "./stackCases.ts";

let pack: RunningPack;
const stack = compliantStack();

beforeAll(async () => {
  pack = await startPolicyPack({ settings: compliantSettings });
});
afterAll(() => pack.stop());

const nameOf = (urn: string) => urn.split("::").at(-1) ?? "";

test("says nothing about a compliant stack", async () => {
  expect(await pack.analyzeStack(stack)).toEqual({ diagnostics: [], notApplicable: ["MFA-SEC-004", "MFA-LIFE-004"] });
});

test("has nothing to say about an empty stack, and says so for each rule", async () => {
  const { diagnostics, notApplicable } = await pack.analyzeStack([]);
  expect(diagnostics).toEqual([]);
  expect(notApplicable.sort()).toEqual(
    rules
      .filter(({ kind }) => kind === "stack" || kind === "exemption")
      .map(({ id }) => id)
      .sort(),
  );
});

describe("spellings that mean the same", () => {
  const objects = async (rule: string, given: AnalyzedResource[]) =>
    (await pack.analyzeStack(given)).diagnostics.filter(({ policy }) => policy === rule);
  const guid = "22222222-0000-0000-0000-00000000000A";
  const withGuid = () => changed(stack, "service", ["objectGuid"], guid.toLowerCase());

  test.each([
    ["objectGUID", guid],
    ["qualified name", "CORP\\mfawebservice"],
    ["user principal name", "MfaWebService@corp.contoso.com"],
  ])("a member of PhoneFactor Admins by %s", async (_spelling, member) => {
    expect(await objects("MFA-DIR-003", changed(withGuid(), "administrators", ["members"], [member]))).toEqual([]);
  });

  test("another account's objectGUID is another account", async () => {
    const other = changed(withGuid(), "administrators", ["members"], ["22222222-0000-0000-0000-00000000000b"]);
    expect(await objects("MFA-DIR-003", other)).toMatchObject([{ level: "mandatory" }]);
  });

  test("a membership found by where its group comes from, while the group's id is not known", async () => {
    const admins = stack.find(({ name }) => name === "admins")?.urn ?? "";
    const unknownGroup = changed(stack, "administrators", ["group"], UNKNOWN);
    const linked = unknownGroup.map((each) =>
      each.name === "administrators" ? { ...each, sources: { group: [admins] } } : each,
    );
    expect(await objects("MFA-DIR-003", linked)).toEqual([]);
    expect(await objects("MFA-DIR-003", unknownGroup)).not.toEqual([]);
  });

  test("a guard found by where the ids come from, in the first preview of all", async () => {
    const urn = (name: string) => stack.find((each) => each.name === name)?.urn ?? "";
    const noIds = stack.map((each) =>
      each.type.startsWith("azure-native:network:")
        ? { ...each, properties: { ...each.properties, id: undefined } }
        : each,
    );
    const preview = changed(
      changed(noIds, "nic", ["ipConfigurations", 0], {
        name: "primary",
        subnet: { id: UNKNOWN },
        publicIPAddress: { id: UNKNOWN },
      }),
      "subnet",
      ["networkSecurityGroup", "id"],
      UNKNOWN,
    ).map((each) => {
      if (each.name === "nic") return { ...each, sources: { ipConfigurations: [urn("subnet"), urn("address")] } };
      return each.name === "subnet" ? { ...each, sources: { networkSecurityGroup: [urn("nsg")] } } : each;
    });
    expect(await objects("MFA-NET-001", preview)).toEqual([]);
    expect(await objects("MFA-NET-001", without(preview, "https"))).toMatchObject([{ level: "mandatory" }]);
  });

  test("a wildcard certificate, an ISAPI path with a variable in it, an API version in a type", async () => {
    const wildcard = changed(stack, "certificate", ["dnsNames"], ["*.dev.contoso.com"]);
    const variable = changed(
      wildcard,
      "isapi-Framework64",
      ["properties", "ItemKeyValue"],
      "%windir%\\Microsoft.NET\\Framework64\\v4.0.30319\\aspnet_isapi.dll",
    );
    const versioned = variable.map((each) => ({
      ...each,
      type: each.type.replace(/^azure-native:(network|compute):/, "azure-native:$1/v20240501:"),
    }));
    expect((await pack.analyzeStack(versioned)).diagnostics).toEqual([]);
  });

  test("four days left of a certificate that lives for six", async () => {
    const short = changed(changed(stack, "certificate", ["notBefore"], days(-2)), "certificate", ["notAfter"], days(4));
    expect(await objects("MFA-CERT-002", short)).toEqual([]);
    expect(await objects("MFA-CERT-002", changed(short, "certificate", ["notAfter"], days(0.3)))).toHaveLength(1);
  });

  test("rules inside the group, as Azure lists them beside the separate ones", async () => {
    const listed = stack.filter(({ type }) => type.endsWith(":SecurityRule")).map(({ properties }) => properties);
    expect((await pack.analyzeStack(changed(stack, "nsg", ["securityRules"], listed))).diagnostics).toEqual([]);
  });
});

describe.each(Object.entries(violations(stack)))("%s", (rule, cases) => {
  test.each(cases)("blocks: $title", async ({ stack: broken, says, where }) => {
    const found = (await pack.analyzeStack(broken())).diagnostics.filter(({ policy }) => policy === rule);
    expect(found.map(({ level }) => level)).toContain("mandatory");
    const [blocking] = found.filter(({ level }) => level === "mandatory");
    if (says instanceof RegExp) expect(blocking?.message).toMatch(says);
    else expect(blocking?.message).toContain(says);
    expect(blocking?.message).toContain("To mend it: ");
    expect(nameOf(blocking?.urn ?? "")).toBe(where);
  });

  test.each(unknowns(stack)[rule] ?? [])("cannot tell in a preview: $title", async ({ stack: unknown, where }) => {
    const found = (await pack.analyzeStack(unknown())).diagnostics.filter(({ policy }) => policy === rule);
    expect(found.map(({ level }) => level)).toEqual(["advisory"]);
    expect(found[0]?.message).toContain("cannot tell yet");
    expect(nameOf(found[0]?.urn ?? "")).toBe(where);
  });
});

test("every stack rule has a case that blocks and one that cannot tell", async () => {
  const rules = (await pack.policies()).map(({ name }) => name).filter((name) => name in violations(stack));
  expect(Object.keys(unknowns(stack)).sort()).toEqual(rules.sort());
});

test("survives properties of the wrong kind", async () => {
  for (const resource of stack) {
    for (const nonsense of [7, "text", [], {}, [[]], true]) {
      const broken = stack.map((each) =>
        each === resource
          ? { ...each, properties: Object.fromEntries(Object.keys(each.properties).map((key) => [key, nonsense])) }
          : each,
      );
      await expect(pack.analyzeStack(broken)).resolves.toBeDefined();
    }
  }
});
