import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rules } from "../../../policies/rules.ts";
import { policyPages } from "../../../scripts/policyPages.ts";
import { projectDirectory } from "../../support/environment.ts";
import { mfakit } from "./mfakit.ts";

describe("mfakit rules", () => {
  test("prints every rule once, beneath its step", () => {
    const { status, stdout } = mfakit(["rules"]);
    expect(status).toBe(0);
    expect(stdout.match(/MFA-[A-Z]+-\d+/g)?.sort()).toEqual(rules.map(({ id }) => id).sort());
    for (const { step } of rules) expect(stdout.split("\n")).toContain(step);
  });

  test("prints everything about one, whatever the case of its id", () => {
    const { status, stdout } = mfakit(["rules", "mfa-net-002"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^MFA-NET-002 {2}Management ports are reachable from named networks only\.\n/);
    expect(stdout).toContain("(Security baseline)");
    expect(stdout).toMatch(/setting shortestPublicPrefix +integer, default 24/);
    expect(stdout).toContain("docs/policies/MFA-NET-002.md");
  });

  test("prints them as JSON", () => {
    const all = JSON.parse(mfakit(["rules", "--json"]).stdout) as { id: string; levels: object }[];
    expect(all.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(JSON.parse(mfakit(["rules", "MFA-HOST-004", "--json"]).stdout)).toMatchObject({
      id: "MFA-HOST-004",
      levels: { dev: "advisory", production: "advisory" },
    });
  });

  test.each([
    ["MFA-NET-02", "did you mean MFA-NET-002?"],
    ["nonsense", "it is not in the catalogue"],
  ])("does not know %s: exit code 2 with a hint", (id, hint) => {
    const { status, stdout, stderr } = mfakit(["rules", id]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`there is no rule ${id}`);
    expect(stderr).toContain(hint);
  });
});

describe("docs/policies", () => {
  const folder = join(projectDirectory, "docs/policies");

  test("is fresh (npm run generate)", async () => {
    const pages = await policyPages();
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
    for (const [name, text] of pages) expect(readFileSync(join(folder, name), "utf8") === text, name).toBe(true);
  });

  test("has a page for each rule with an example that fails and one that passes, and the index leads to it", () => {
    const index = readFileSync(join(folder, "README.md"), "utf8");
    for (const { id, title } of rules) {
      const page = readFileSync(join(folder, `${id}.md`), "utf8");
      expect(index).toContain(`[${id}](${id}.md)`);
      expect(page).toContain(`# ${id}: ${title}`);
      for (const heading of ["## Why", "## An example that fails: ", "## An example that passes: "])
        expect(page).toContain(heading);
    }
  });
});
