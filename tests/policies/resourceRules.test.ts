import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnalyzedResource, type RunningPack, secret, startPolicyPack, UNKNOWN } from "../support/policyPack.ts";
import { changed, compliantSettings, compliantStack, urnOf } from "./compliantStack.ts";

let pack: RunningPack;
beforeAll(async () => {
  pack = await startPolicyPack({ settings: compliantSettings });
});
afterAll(() => pack.stop());

const vm = (path: string[] = [], value?: unknown): AnalyzedResource => {
  const [machine] = compliantStack().filter(({ name }) => name === "vm");
  const [result] = path.length === 0 ? [machine] : changed([machine as AnalyzedResource], "vm", path, value);
  return result as AnalyzedResource;
};
const about = async (rule: string, resource: AnalyzedResource) =>
  (await pack.analyze(resource)).diagnostics.filter(({ policy }) => policy === rule);

const image = ["storageProfile", "imageReference", "version"];
const cases: Record<
  string,
  { level: string; blocks: [title: string, path: string[], value: unknown, says: string][]; unknown: string[] }
> = {
  "MFA-HOST-002": {
    level: "mandatory",
    blocks: [
      [
        "switched off",
        ["securityProfile", "encryptionAtHost"],
        false,
        "vm: securityProfile.encryptionAtHost is false, not true",
      ],
      ["left out", ["securityProfile"], undefined, "is not set, not true"],
      ["text in place of a truth value", ["securityProfile", "encryptionAtHost"], "true", "is true, not true"],
    ],
    unknown: ["securityProfile", "encryptionAtHost"],
  },
  "MFA-HOST-003": {
    level: "mandatory",
    blocks: [
      [
        "standard security",
        ["securityProfile", "securityType"],
        undefined,
        "has securityType not set, not TrustedLaunch",
      ],
      ["no secure boot", ["securityProfile", "uefiSettings", "secureBootEnabled"], false, "has secureBootEnabled off"],
      ["neither", ["securityProfile", "uefiSettings"], undefined, "has secureBootEnabled and vTpmEnabled off"],
    ],
    unknown: ["securityProfile"],
  },
  "MFA-HOST-004": { level: "advisory", blocks: [["latest", image, "latest", "version is latest"]], unknown: image },
  "MFA-HOST-005": {
    level: "mandatory",
    blocks: [
      [
        "patched by hand",
        ["osProfile", "windowsConfiguration", "patchSettings", "patchMode"],
        "Manual",
        "has patchMode Manual",
      ],
      ["updates off", ["osProfile", "windowsConfiguration"], { enableAutomaticUpdates: false }, "has patchMode Manual"],
    ],
    unknown: ["osProfile", "windowsConfiguration"],
  },
};

test("says nothing about a compliant machine", async () => {
  expect((await pack.analyze(vm())).diagnostics).toEqual([]);
});

describe.each(Object.entries(cases))("%s", (rule, { level, blocks, unknown }) => {
  test.each(blocks)("objects: %s", async (_title, path, value, says) => {
    const [found] = await about(rule, vm(path, value));
    expect(found).toMatchObject({ level, urn: vm().urn });
    expect(found?.message).toContain(says);
    expect(found?.message).toContain("To mend it: ");
  });

  test("cannot tell in a preview", async () => {
    const found = await about(rule, vm(unknown, UNKNOWN));
    expect(found.map((each) => [each.level, each.message.includes("cannot tell yet")])).toEqual([["advisory", true]]);
  });

  test("does not apply to Linux and to other resources", async () => {
    const linux = {
      ...vm(),
      properties: {
        osProfile: { linuxConfiguration: {} },
        storageProfile: { imageReference: { publisher: "Canonical" } },
      },
    };
    expect((await pack.analyze(linux)).notApplicable).toContain(rule);
    const disk = {
      type: "azure-native:compute:Disk",
      name: "d",
      urn: urnOf("azure-native:compute:Disk", "d"),
      properties: {},
    };
    expect((await pack.analyze(disk)).notApplicable).toContain(rule);
  });

  test("survives properties of the wrong kind", async () => {
    for (const nonsense of [7, "text", [], {}, true]) {
      const properties = Object.fromEntries(Object.keys(vm().properties).map((key) => [key, nonsense]));
      await expect(pack.analyze({ ...vm(), properties })).resolves.toBeDefined();
    }
  });
});

test("applies to a machine whose type names an API version", async () => {
  const old = { ...vm(["securityProfile"], undefined), type: "azure-native:compute/v20230901:VirtualMachine" };
  expect(await about("MFA-HOST-002", old)).toHaveLength(1);
});

describe("MFA-SEC-001", () => {
  const mended = (resource: AnalyzedResource) => pack.remediate(resource);

  test("marks a plain administrator password", async () => {
    const [first, ...others] = await mended(vm(["osProfile", "adminPassword"], "plain-Text-1"));
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      policy: "MFA-SEC-001",
      properties: { osProfile: { adminPassword: secret("plain-Text-1"), computerName: "MFADEV01" } },
    });
  });

  test("leaves a marked password alone", async () => {
    expect(await mended(vm(["osProfile", "adminPassword"], secret("marked-Text-1")))).toEqual([]);
  });

  test("leaves alone what is secret as a whole", async () => {
    expect(await mended(vm(["osProfile"], secret({ adminPassword: "inside-1" })))).toEqual([]);
  });

  test("marks every password in a web.config's settings and nothing else", async () => {
    const file = {
      type: "mfakit:web:ConfigFile",
      name: "file",
      urn: urnOf("mfakit:web:ConfigFile", "file"),
      properties: { path: "C:\\web.config", appSettings: { A_USERNAME: "CORP\\a", A_PASSWORD: "plain" } },
    };
    expect((await mended(file))[0]?.properties).toEqual({
      path: "C:\\web.config",
      appSettings: { A_USERNAME: "CORP\\a", A_PASSWORD: secret("plain") },
    });
  });

  test("keeps what a preview does not know yet", async () => {
    const [first] = await mended(vm(["osProfile"], { adminPassword: "plain", computerName: UNKNOWN }));
    expect(first?.properties.osProfile).toEqual({ adminPassword: secret("plain"), computerName: UNKNOWN });
  });
});
