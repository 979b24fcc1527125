import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readme, settingsJsonSchema } from "../../policies/documentation.ts";
import { rules } from "../../policies/rules.ts";
import { loadPolicySettings, PolicySettingsError, policySettings, settingsPath } from "../../policies/settings.ts";

const policies = path.resolve(import.meta.dirname, "../../policies");
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "mfakit-settings-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function problemsOf(text: string): Promise<readonly string[]> {
  const file = path.join(folder, "config.json");
  await writeFile(file, text);
  try {
    loadPolicySettings(file);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PolicySettingsError);
    expect((error as PolicySettingsError).code).toBe("POLICY_SETTINGS_INVALID");
    expect((error as Error).message).toContain(file);
    return (error as PolicySettingsError).problems;
  }
}
const problems = (content: unknown) => problemsOf(JSON.stringify(content));
const exemption = {
  rule: "MFA-NET-002",
  urn: "*",
  owner: "identity-team",
  reason: "until the move",
  expires: "2099-12-31",
};

describe("a settings file", () => {
  test("that is right has no problems", async () => {
    const content = {
      $schema: "config.schema.json",
      baseline: "cis",
      rules: { "MFA-HOST-004": "mandatory", "MFA-CERT-002": { enforcementLevel: "advisory", minimumDaysLeft: 14 } },
      exemptions: [exemption],
    };
    expect(await problems(content)).toEqual([]);
    expect(await problems({})).toEqual([]);
  });

  test("that comes with the pack is right", () => {
    expect(loadPolicySettings(path.join(policies, "config.json")).baseline).toBe("dev");
  });

  test("may begin with a byte order mark", async () => {
    expect(await problemsOf('\uFEFF{"baseline":"dev"}')).toEqual([]);
  });

  test.each([
    [{ baseline: "prodution" }, 'baseline is "prodution"; did you mean production?'],
    [{ baseline: "strict" }, 'baseline is "strict"; write one of dev, production, cis'],
    [{ baselines: "dev" }, "baselines is not known; did you mean baseline?"],
    [{ rules: { "MFA-NET-01": "advisory" } }, "rules.MFA-NET-01 is no rule; did you mean MFA-NET-001?"],
    [{ rules: { nonsense: "advisory" } }, "rules.nonsense is no rule; policies/README.md lists them"],
    [{ rules: { "MFA-NET-001": "advisry" } }, 'rules.MFA-NET-001 is "advisry"; did you mean advisory?'],
    [{ rules: { "MFA-NET-001": 7 } }, "rules.MFA-NET-001 is 7; write one of advisory, mandatory, remediate, disabled"],
    [
      { rules: { "MFA-CERT-002": { days: 7 } } },
      "rules.MFA-CERT-002.days is not known; there are enforcementLevel, minimumDaysLeft",
    ],
    [
      { rules: { "MFA-CERT-002": { minimumDaysLeft: "7" } } },
      'rules.MFA-CERT-002.minimumDaysLeft is "7": write a number',
    ],
    [{ rules: { "MFA-CERT-002": { minimumDaysLeft: -1 } } }, "rules.MFA-CERT-002.minimumDaysLeft is -1: "],
    [
      { exemptions: [{ ...exemption, expires: "2099-02-30" }] },
      'exemptions[0].expires is "2099-02-30", which is no date: write YYYY-MM-DD',
    ],
    [{ exemptions: [{ ...exemption, expires: "31.12.2099" }] }, "which is no date"],
    [
      { exemptions: [{ ...exemption, rule: "MFA-NET-020" }] },
      'exemptions[0].rule is "MFA-NET-020"; did you mean MFA-NET-00',
    ],
    [{ exemptions: [{ ...exemption, owner: " " }] }, 'exemptions[0].owner is " ": '],
    [{ exemptions: [{ ...exemption, until: "2099-12-31" }] }, "exemptions[0].until is not known"],
    [{ exemptions: [{ rule: "MFA-NET-001" }] }, "exemptions[0].urn is missing: write a string"],
    [{ exemptions: {} }, "exemptions is an object: write an array"],
    [[], "the file is a list: write an object"],
  ])("%j: %s", async (content, says) => {
    expect((await problems(content)).join("\n")).toContain(says);
  });

  test("has all its problems told at once", async () => {
    const found = await problems({
      baseline: "x",
      rules: { "MFA-XXX-001": "advisory", "MFA-NET-001": { ports: 1 } },
      exemptions: [{ ...exemption, expires: "soon", owner: 7 }],
    });
    expect(found).toHaveLength(5);
  });

  test("that is no JSON, or not there, says so", async () => {
    expect((await problemsOf("{"))[0]).toContain("is no JSON");
    expect(() => loadPolicySettings(path.join(folder, "missing.json"))).toThrow("cannot be read: ENOENT");
  });

  test("is the one that the environment names, else the pack's own", () => {
    expect(settingsPath({ MFAKIT_POLICY_SETTINGS: "/somewhere/else.json" })).toBe("/somewhere/else.json");
    expect(settingsPath({})).toBe(path.join(policies, "config.json"));
  });
});

describe("levels", () => {
  const level = (file: Parameters<typeof policySettings>[0], id: string) => {
    const rule = rules.find((each) => each.id === id);
    return rule && policySettings(file).level(rule);
  };

  test("come from the rule, the baseline, the rule's own setting, each before the one before it", () => {
    expect(level({}, "MFA-LIFE-005")).toBe("mandatory");
    expect(level({ baseline: "dev" }, "MFA-LIFE-005")).toBe("advisory");
    expect(level({ baseline: "dev" }, "MFA-NET-001")).toBe("mandatory");
    expect(level({ baseline: "cis" }, "MFA-WEB-005")).toBe("mandatory");
    expect(level({ baseline: "dev", rules: { "MFA-LIFE-005": "disabled" } }, "MFA-LIFE-005")).toBe("disabled");
    expect(level({ rules: { "MFA-LIFE-005": { enforcementLevel: "advisory" } } }, "MFA-LIFE-005")).toBe("advisory");
    expect(level({ baseline: "dev", rules: { "MFA-LIFE-005": { required: ["a"] } } }, "MFA-LIFE-005")).toBe("advisory");
  });

  test("are not part of what a rule is configured with", () => {
    const own = { enforcementLevel: "advisory" as const, minimumDaysLeft: 3 };
    expect(policySettings({ rules: { "MFA-CERT-002": own } }).configuration("MFA-CERT-002")).toEqual({
      minimumDaysLeft: 3,
    });
    expect(policySettings({}).configuration("MFA-CERT-002")).toEqual({});
  });
});

describe("what is made from the rules", () => {
  test("the schema for editors is up to date (npm run generate)", () => {
    expect(readFileSync(path.join(policies, "config.schema.json"), "utf8")).toBe(settingsJsonSchema());
  });

  test("the README's tables are up to date (npm run generate)", () => {
    const text = readFileSync(path.join(policies, "README.md"), "utf8");
    expect(text).toBe(readme(text));
    for (const { id, title } of rules) expect(text).toContain(`| ${id} | ${title} |`);
  });

  test("the schema takes and refuses what the pack does", async () => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(settingsJsonSchema()));
    for (const content of [
      {},
      { baseline: "dev", exemptions: [exemption] },
      { baseline: "x" },
      { rules: { "MFA-NET-01": "advisory" } },
      { rules: { "MFA-CERT-002": { minimumDaysLeft: -1 } } },
      { exemptions: [{ ...exemption, owner: undefined }] },
    ]) {
      expect(validate(content), JSON.stringify(content)).toBe((await problems(content)).length === 0);
    }
  });
});
