import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { directoryChecks } from "../../cli/verify/directoryChecks.ts";
import { publicChecks } from "../../cli/verify/publicChecks.ts";
import { manualSteps } from "../../components/workload/manualSteps.ts";
import { rules } from "../../policies/rules.ts";
import { chapters } from "../../scripts/procedure/chapters.ts";
import { procedurePage, renderedProcedure } from "../../scripts/procedure/page.ts";

const root = join(import.meta.dirname, "..", "..");
const steps = chapters.flatMap(({ title, steps }) =>
  steps.map((step) => ({ ...step, title: `${title}, ${step.number}` })),
);

/** How many steps each chapter of the procedure has; its second prerequisite, server and port, is two rows. */
const lengths = {
  Prerequisites: 7,
  "Get the MFA Server Software": 9,
  "Installing MFA Server": 5,
  "Configure the MFA Server": 8,
  "Install Web Portal": 13,
  "Registering the Mobile App": 5,
  "Important Notes": 3,
};

describe("docs/procedure.md", () => {
  test("is fresh (npm run generate)", () => {
    expect(readFileSync(procedurePage, "utf8")).toBe(renderedProcedure());
  });

  test("has every step once", () => {
    expect(Object.fromEntries(chapters.map(({ title, steps }) => [title, steps.length]))).toEqual(lengths);
    for (const { steps } of chapters) expect(new Set(steps.map(({ number }) => number)).size).toBe(steps.length);
  });

  test("has a resource or a check, and a test, for each automated or verified step", () => {
    const proved = steps.filter((step) => step.class !== "manual");
    expect(proved.length).toBeGreaterThan(20);
    const wanting = proved.filter(({ resources = [], checks = [], rules = [], tests = [] }) => {
      return resources.length + checks.length + rules.length === 0 || tests.length + rules.length === 0;
    });
    expect(wanting.map(({ title }) => title)).toEqual([]);
  });

  test("has an instruction or a reason for each manual step", () => {
    const silent = steps.filter(
      (step) => step.class === "manual" && step.manual === undefined && step.note === undefined,
    );
    expect(silent.map(({ title }) => title)).toEqual([]);
  });

  test.each(steps)("names what exists: $title", ({ resources = [], checks = [], manual, tests = [], ...step }) => {
    for (const resource of resources) {
      const [file = "", name] = resource.split("#");
      expect(readFileSync(join(root, file), "utf8")).toMatch(
        new RegExp(`export (abstract )?(class|function) ${name}\\b`),
      );
    }
    const knownRules = rules.map(({ id }) => id);
    for (const rule of step.rules ?? []) {
      expect(knownRules).toContain(rule);
      expect(existsSync(join(root, "tests/policies/examples", `${rule}.ts`)), rule).toBe(true);
    }
    const knownChecks = [...directoryChecks, ...publicChecks(true)].map(({ id }) => id);
    for (const check of checks) expect(knownChecks).toContain(check);
    if (manual !== undefined) expect(everyInstruction()).toContain(manual);
    for (const { file, name } of tests) expect(declaredTests(file), file).toContain(name);
  });
});

/** The names of a file's tests, as they are written. */
function declaredTests(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/\b(?:test|run)(?:\.\w+(?:\([^\n]*?\))?)*\(\s*"((?:[^"\\]|\\.)*)"/g)].map(
    ([, name = ""]) => name,
  );
}

function everyInstruction(): string[] {
  const args = { mfaUsersGroup: "MFA Users", userPortalUrl: "https://a", installerPath: "C:\\a", computerName: "A" };
  return manualSteps({ profile: "v7", ...args }).map(({ id }) => id);
}
