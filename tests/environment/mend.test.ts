import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { EnvironmentError, type Problem } from "../../environment/error.ts";
import { loadSettings } from "../../environment/load.ts";
import { yamlSource } from "../../environment/sources/yaml.ts";
import { engineDirectory } from "../../scripts/setup/locations.js";
import { devSettings } from "../support/environment.ts";

const project = mkdtempSync(join(tmpdir(), "mfakit-mend-"));
const file = join(project, "Pulumi.dev.yaml");
afterAll(() => rmSync(project, { recursive: true }));

/** Runs a line as a person would paste it; what is typed at a prompt comes from `input`. */
function shell(line: string, input = ""): string {
  const { status, stderr } = spawnSync("sh", ["-c", line], {
    cwd: project,
    input,
    encoding: "utf8",
    env: {
      ...process.env,
      PATH: `${engineDirectory()}${delimiter}${process.env.PATH}`,
      PULUMI_HOME: join(project, "home"),
      PULUMI_BACKEND_URL: `file://${project}`,
      PULUMI_CONFIG_PASSPHRASE: "passphrase of the test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
  });
  return status === 0 ? "" : `${line}: ${stderr}`;
}

function problems(): readonly Problem[] {
  try {
    loadSettings(yamlSource(file));
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.problems;
    throw error;
  }
}

function configure(settings: object): void {
  const config = Object.entries(settings).map(([key, value]) => [`mfa-server:${key}`, value]);
  writeFileSync(file, stringify({ config: Object.fromEntries(config) }));
}

describe("the commands that messages print", () => {
  beforeAll(() => {
    expect(existsSync(join(engineDirectory(), "pulumi")), "the engine is there; else run: npm run setup").toBe(true);
    writeFileSync(join(project, "Pulumi.yaml"), "name: mfa-server\nruntime: yaml\n");
    expect(shell("pulumi stack init dev --non-interactive")).toBe("");
  });

  it("mend what they are printed for, run by the real engine", () => {
    const settings = devSettings();
    configure({
      ...settings,
      host: {
        ...settings.host,
        computerName: "a long computer name",
        adminUsername: "admin",
        image: { sku: 2016 },
        size: undefined,
      },
      network: {
        ...settings.network,
        dnsServers: "10.10.0.4",
        subnetPrefix: "10.21.0.0/24",
        allowManagementFrom: ["nobody!"],
      },
      directory: { ...settings.directory, domainControllers: [], mfaUsers: { members: ["alice", "ALICE"] } },
      certificate: { ...settings.certificate, renewBefore: "0.3", directoryUrl: "http://ca.contoso.com" },
      publicEndpoint: { ...settings.publicEndpoint, ttl: "300s", hostNmae: "mfa.dev.contoso.com" },
      mfaServer: { ...settings.mfaServer, profile: "v7x", companyName: 4711, activatedBefore2019: "yes" },
      tags: { "cost.center": { of: "whom" }, "it's": null },
      adminPasword: "hush-hush",
    });
    const first = problems();
    expect(first.length).toBeGreaterThan(15);
    // What hides behind a mistake shows only when that is mended, so a second round may be needed.
    for (let round = 1; round <= 2; round++) {
      // From the end, because removing an element of a list moves those behind it.
      for (const { mend } of problems().toReversed()) expect(shell(mend, "a new secret\n")).toBe("");
    }
    expect(problems()).toEqual([]);
    expect(loadSettings(yamlSource(file)).mfaServer.companyName).toBe("4711");
  });
});
