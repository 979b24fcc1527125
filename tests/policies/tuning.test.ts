/** The pack's own settings, as the running pack obeys them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnalyzedResource, type RunningPack, secret, startPolicyPack } from "../support/policyPack.ts";
import { changed, compliantSettings, compliantStack, urnOf } from "./compliantStack.ts";

const stack = compliantStack();
const vm = (path: string[], value: unknown, urn?: string) => {
  const found = changed(stack, "vm", path, value).find(({ name }) => name === "vm") as AnalyzedResource;
  return { ...found, ...(urn !== undefined && { urn }) };
};
const excused = urnOf("azure-native:compute:VirtualMachine", "excused");
const answersFor = { urn: excused, owner: "identity-team", reason: "until the move", expires: "2099-12-31" };

describe("a pack with settings of its own", () => {
  let pack: RunningPack;
  beforeAll(async () => {
    pack = await startPolicyPack({
      settings: {
        ...compliantSettings,
        rules: {
          ...compliantSettings.rules,
          "MFA-HOST-003": "advisory",
          "MFA-LIFE-005": { required: ["cost-center"] },
        },
        exemptions: ["MFA-HOST-002", "MFA-HOST-009", "MFA-SEC-001", "MFA-NET-002"].map((rule) => ({
          rule,
          ...answersFor,
        })),
      },
    });
  });
  afterAll(() => pack.stop());

  const about = async (rule: string, resource: AnalyzedResource) =>
    (await pack.analyze(resource)).diagnostics.filter(({ policy }) => policy === rule);
  const unencrypted = (urn?: string) => vm(["securityProfile", "encryptionAtHost"], false, urn);

  test("takes levels from them", async () => {
    expect(await about("MFA-HOST-003", vm(["securityProfile"], {}))).toMatchObject([{ level: "advisory" }]);
  });

  test("takes a rule's settings from them, and from the engine before them", async () => {
    const untagged = vm(["tags"], {});
    expect((await about("MFA-LIFE-005", untagged))[0]?.message).toContain("vm has no tag cost-center");
    await pack.configure({ "MFA-LIFE-005": { level: "advisory", properties: { required: ["team"] } } });
    expect(await about("MFA-LIFE-005", untagged)).toMatchObject([{ level: "advisory" }]);
    expect((await about("MFA-LIFE-005", untagged))[0]?.message).toContain("vm has no tag team");
    await pack.configure({});
  });

  test("blocks without an exemption, and advises with one, naming who answers for it", async () => {
    expect(await about("MFA-HOST-002", unencrypted())).toMatchObject([{ level: "mandatory" }]);
    const [found, ...others] = await about("MFA-HOST-002", unencrypted(excused));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ level: "advisory" });
    expect(found?.message).toContain("exempt until 2099-12-31 (identity-team: until the move): vm: securityProfile");
  });

  test("mends nothing that is exempt", async () => {
    const plain = (urn?: string) => vm(["osProfile", "adminPassword"], "plain-Text-1", urn);
    expect((await pack.remediate(plain())).map(({ policy }) => policy)).toEqual(["MFA-SEC-001"]);
    expect(await pack.remediate(plain(excused))).toEqual([]);
    const dark = (urn?: string) => vm(["diagnosticsProfile"], undefined, urn);
    expect((await pack.remediate(dark())).map(({ policy }) => policy)).toEqual(["MFA-HOST-009"]);
    expect(await pack.remediate(dark(excused))).toEqual([]);
  });

  test("reports the exemption that excuses nothing, and not the one that does", async () => {
    const broken = [...stack, { ...unencrypted(excused), name: "excused" }];
    const { diagnostics } = await pack.analyzeStack(broken);
    const found = diagnostics.filter(({ policy }) => policy === "MFA-LIFE-004");
    expect(found.map(({ level, message }) => [level, message.split("\n")[1]?.slice(0, 70)])).toEqual([
      ["mandatory", "the exemption from MFA-HOST-009 at urn:pulumi:dev::mfa-server::azure-n"],
      ["advisory", "cannot tell yet: whether the exemption from MFA-SEC-001 at urn:pulumi:"],
      ["mandatory", "the exemption from MFA-NET-002 at urn:pulumi:dev::mfa-server::azure-na"],
    ]);
  });
});

describe("exemptions", () => {
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  const exemption = (change: object) => ({ rule: "MFA-HOST-002", ...answersFor, ...change });
  const packs: RunningPack[] = [];
  afterAll(() => Promise.all(packs.map((pack) => pack.stop())));
  const packWith = async (...exemptions: ReturnType<typeof exemption>[]) => {
    const rules = { ...compliantSettings.rules, "MFA-HOST-004": "disabled" as const };
    const pack = await startPolicyPack({ settings: { ...compliantSettings, rules, exemptions } });
    packs.push(pack);
    return pack;
  };
  const bare = vm(["securityProfile"], {}, excused);
  const levels = async (pack: RunningPack, resource = bare) =>
    Object.fromEntries((await pack.analyze(resource)).diagnostics.map(({ policy, level }) => [policy, level]));
  const faults = async (pack: RunningPack, resources: readonly AnalyzedResource[] = stack) =>
    (await pack.analyzeStack(resources)).diagnostics
      .filter(({ policy }) => policy === "MFA-LIFE-004")
      .map(({ message }) => message.split("\n")[1]);

  test("count for their own rule alone", async () => {
    expect(await levels(await packWith(exemption({})))).toMatchObject({
      "MFA-HOST-002": "advisory",
      "MFA-HOST-003": "mandatory",
    });
  });

  test("count until the end of their last day", async () => {
    const ended = await packWith(exemption({ expires: day(-1) }));
    expect(await levels(ended)).toMatchObject({ "MFA-HOST-002": "mandatory" });
    expect(await faults(ended)).toEqual([expect.stringContaining(` ended on ${day(-1)}`)]);
    // The day after is given too, for a test that runs at midnight.
    expect(await levels(await packWith(exemption({ expires: day(0) }), exemption({ expires: day(1) })))).toMatchObject({
      "MFA-HOST-002": "advisory",
    });
  });

  test.each([
    ["*", "advisory"],
    ["urn:pulumi:dev::mfa-server::azure-native:compute:VirtualMachine::excused", "advisory"],
    ["urn:pulumi:???::mfa-server::*::excuse?", "advisory"],
    ["urn.pulumi:dev::mfa-server::azure-native:compute:VirtualMachine::excused", "mandatory"],
    ["excused", "mandatory"],
    ["urn:pulumi:dev::mfa-server::*::excus", "mandatory"],
    ["urn:pulumi:dev::mfa-server::*(*[::excused", "mandatory"],
  ])("cover %s: %s", async (urn, level) => {
    expect(await levels(await packWith(exemption({ urn })))).toMatchObject({ "MFA-HOST-002": level });
  });

  test("of other stacks and projects are not this stack's business", async () => {
    const foreign = ["urn:pulumi:prod::mfa-server::*", "urn:pulumi:dev::other::*", "urn:pulumi:de::mfa-server::*"];
    const pack = await packWith(...foreign.map((urn) => exemption({ urn })));
    expect(await faults(pack)).toEqual([]);
    expect((await pack.analyzeStack(stack)).notApplicable).toContain("MFA-LIFE-004");
  });

  test("that excuse nothing are told, wherever they may speak of", async () => {
    const idle = ["urn:pulumi:dev::mfa-server::*::x", "urn:pulumi:*::mfa-server::x", "*::y::z", "vm"];
    const found = await faults(await packWith(...idle.map((urn) => exemption({ urn }))));
    expect(found).toEqual(idle.map(() => expect.stringMatching(/excuses nothing$/)));
  });

  test("from a rule that does not run, or from this rule, excuse nothing", async () => {
    const found = await faults(
      await packWith(exemption({ rule: "MFA-HOST-004", urn: "*" }), exemption({ rule: "MFA-LIFE-004", urn: "*" })),
      changed(stack, "vm", ["storageProfile", "imageReference", "version"], "latest"),
    );
    expect(found).toEqual([1, 2].map(() => expect.stringMatching(/excuses nothing$/)));
  });

  test("say nothing of a stack that is empty", async () => {
    const pack = await packWith(exemption({ urn: "urn:pulumi:dev::mfa-server::*" }));
    expect((await pack.analyzeStack([])).notApplicable).toContain("MFA-LIFE-004");
  });
});

describe("the plan to replace the product", () => {
  let pack: RunningPack;
  beforeAll(async () => {
    pack = await startPolicyPack({ settings: { baseline: "production" } });
  });
  afterAll(() => pack.stop());
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

  test.each([
    [undefined, "nobody said when the product is replaced"],
    [-1, `the product was to be replaced by ${day(-1)}`],
    // Today, and tomorrow for a test that runs at midnight.
    [1, undefined],
    [0, undefined],
  ])("in %s days", async (offset, says) => {
    const properties = offset === undefined ? {} : { replacedBy: day(offset) };
    await pack.configure({ "MFA-LIFE-002": { level: "advisory", properties } });
    const found = (await pack.analyzeStack(stack)).diagnostics.filter(({ policy }) => policy === "MFA-LIFE-002");
    expect(found.map(({ message }) => message.includes(says ?? "nothing"))).toEqual(says === undefined ? [] : [true]);
  });
});

describe("rules that mend", () => {
  let pack: RunningPack;
  beforeAll(async () => {
    pack = await startPolicyPack({ settings: { rules: { "MFA-WEB-006": "remediate" } } });
  });
  afterAll(() => pack.stop());
  const service = (type: string, properties: Record<string, unknown>) =>
    pack.remediate({ type, name: "it", urn: urnOf(type, "it"), properties });

  test.each([
    [
      "azure-native:storage:StorageAccount",
      { minimumTlsVersion: "TLS1_0", kind: "k" },
      { minimumTlsVersion: "TLS1_2", kind: "k" },
    ],
    ["azure-native:storage/v20230101:StorageAccount", {}, { minimumTlsVersion: "TLS1_2" }],
    ["azure-native:sql:Server", { minimalTlsVersion: "1.1" }, { minimalTlsVersion: "1.2" }],
    [
      "azure-native:web:WebApp",
      { siteConfig: { http20Enabled: true } },
      { siteConfig: { http20Enabled: true, minTlsVersion: "1.2" } },
    ],
    ["azure-native:web:WebApp", {}, { siteConfig: { minTlsVersion: "1.2" } }],
  ])("%s %j", async (type, properties, mended) => {
    expect(await service(type, properties)).toEqual([{ policy: "MFA-WEB-006", properties: mended }]);
  });

  test("leave alone what is right, what is not known yet, and what is none of their business", async () => {
    expect(await service("azure-native:sql:Server", { minimalTlsVersion: "1.3" })).toEqual([]);
    expect(
      await service("azure-native:sql:Server", { minimalTlsVersion: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }),
    ).toEqual([]);
    expect(await service("azure-native:sql:Database", {})).toEqual([]);
  });

  test("keep what is secret beside what they mend", async () => {
    const [found] = await service("azure-native:sql:Server", { administratorLoginPassword: secret("of the test") });
    expect(found?.properties).toEqual({ administratorLoginPassword: secret("of the test"), minimalTlsVersion: "1.2" });
  });

  test("mend a machine's boot diagnostics and keep its other settings", async () => {
    const bare = vm(["diagnosticsProfile"], { bootDiagnostics: { storageUri: "https://logs" } });
    const [found] = await pack.remediate(bare);
    expect(found?.policy).toBe("MFA-HOST-009");
    expect(found?.properties.diagnosticsProfile).toEqual({
      bootDiagnostics: { storageUri: "https://logs", enabled: true },
    });
    expect(found?.properties.securityProfile).toEqual(vm(["tags"], {}).properties.securityProfile);
  });

  test("judge alone at another level", async () => {
    await pack.configure({ "MFA-WEB-006": { level: "advisory" } });
    expect(await service("azure-native:sql:Server", {})).toEqual([]);
    await pack.configure({});
  });
});

test("wrong settings end the pack with everything that is wrong, and no stack trace", async () => {
  const broken = startPolicyPack({
    settings: { baseline: "strict" as never, rules: { "MFA-NET-01": "advisory" } },
  });
  await expect(broken).rejects.toThrow(
    /baseline is "strict"[\s\S]*rules\.MFA-NET-01 is no rule; did you mean MFA-NET-001\?/,
  );
  await expect(broken).rejects.not.toThrow(/\n {4}at /);
});
