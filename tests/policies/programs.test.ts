/**
 * Whole programs as other teams write them, with the azure-native SDK: previewed and deployed by the real engine with the pack beside it,
 * and judged again from the saved preview and from the state.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../cli/review/report.ts";
import { serveProvider } from "../../provider/engine/server.ts";
import { Folder, mfakit, reportOf } from "../cli/review/mfakit.ts";
import { createWorkspace, type Workspace } from "../support/engine.ts";
import { projectDirectory } from "../support/environment.ts";
import { azureShelf } from "./azureShelf.ts";

/** By rule, names of the resources that it points at; with a question mark where it cannot tell. */
type Findings = Record<string, string[]>;

/** What is said about a program: in the preview, and of what it deployed. Nothing else may be said. */
const programs: Record<string, { preview: Findings; state: Findings }> = {
  webServer: {
    // Where the subnet is inside the network, a preview does not know yet which one the card is in.
    preview: {
      "MFA-LIFE-005": ["card", "entrance", "machine", "office", "web"],
      "MFA-NET-001": ["? card"],
      "MFA-NET-004": ["entrance"],
    },
    state: {
      "MFA-LIFE-005": ["card", "entrance", "machine", "office", "web"],
      "MFA-NET-001": ["card"],
      "MFA-NET-004": ["entrance"],
    },
  },
  webApplication: {
    // What is mended while it is deployed is not wrong any more.
    preview: {
      "MFA-LIFE-005": ["files", "shop"],
      "MFA-SEC-001": ["? shop", "server"],
      "MFA-WEB-006": ["? shop", "files", "server"],
    },
    state: { "MFA-LIFE-005": ["files", "shop"], "MFA-WEB-006": ["files", "server", "shop"] },
  },
  privateEndpoint: {
    preview: { "MFA-LIFE-005": ["inner", "network"], "MFA-WEB-006": ["back"] },
    state: { "MFA-LIFE-005": ["inner", "network"], "MFA-WEB-006": ["back"] },
  },
  cluster: {
    preview: {
      "MFA-HOST-008": ["? contributor", "? of-workspace", "contributor"],
      "MFA-LIFE-005": ["cluster", "lake"],
    },
    state: { "MFA-HOST-008": ["contributor"], "MFA-LIFE-005": ["cluster", "lake"] },
  },
};

const folder = new Folder();
let cloud: { port: number; close(): Promise<void> };
let workspace: Workspace;
beforeAll(async () => {
  cloud = await serveProvider({ name: "azure-native", version: "3.28.0", handlers: azureShelf });
  workspace = await createWorkspace({ env: { PULUMI_DEBUG_PROVIDERS: `azure-native:${cloud.port}` } });
});
afterAll(async () => {
  folder.remove();
  await workspace.remove();
  await cloud.close();
});

describe.each(Object.entries(programs))("%s", (name, expected) => {
  test("is judged from its preview", async () => {
    const program = path.join(import.meta.dirname, `programs/${name}.ts`);
    await workspace.setProgram(await readFile(program, "utf8"));
    const { stdout } = await workspace.succeed(["preview", "--json"]);
    expect(findingsOf(review("--preview", stdout))).toEqual(expected.preview);
  });

  test("is deployed beside the pack, which says the same of what is there", async () => {
    const levels = folder.file("levels.json", { all: "advisory", "MFA-SEC-001": "remediate" });
    const pack = ["--policy-pack", path.join(projectDirectory, "policies"), "--policy-pack-config", levels];
    const { output } = await workspace.succeed(["up", "--yes", ...pack]);
    const told = new Set(output.match(/MFA-[A-Z]+-\d+(?=\s)/g));
    const { stdout } = await workspace.succeed(["stack", "export"]);
    expect(findingsOf(review("--state", stdout))).toEqual(expected.state);
    expect([...told].sort()).toEqual(Object.keys(expected.preview).sort());
    expect(stdout).not.toContain("Password-1");
    await workspace.succeed(["destroy", "--yes"]);
  });
});

/** The report about a saved preview or state; the review must not fail on it. */
function review(source: "--preview" | "--state", text: string): Report {
  const file = folder.file("saved.json", text);
  const settings = folder.file("settings.json", { baseline: "production" });
  return reportOf(mfakit(["review", source, file, "--format", "json"], { MFAKIT_POLICY_SETTINGS: settings }));
}

/** Where each rule found something; each finding has words of its own. */
function findingsOf(report: Report): Findings {
  const found: Findings = {};
  for (const { id, findings } of report.prerequisites.flatMap(({ rules }) => rules)) {
    for (const { urn = "", what, verdict } of findings) {
      expect(what).not.toMatch(/undefined|\[object|Symbol\(|Password-1/);
      const place = `${verdict === "cannotTell" ? "? " : ""}${urn.split("::").at(-1)}`;
      found[id] = [...new Set([...(found[id] ?? []), place])].sort();
    }
  }
  return found;
}
