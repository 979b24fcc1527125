import { afterAll, expect, test } from "vitest";
import { network, notKnownYet, stateDocument, urnOf } from "./documents.ts";
import { Folder, mfakit, reportOf } from "./mfakit.ts";

const folder = new Folder();
afterAll(() => folder.remove());

function save(name: string, port: unknown): { state: string; report: string } {
  const state = folder.file(`${name}.state.json`, stateDocument(network(port)));
  const report = folder.file(`${name}.json`, mfakit(["review", "--state", state, "--format", "json"]).stdout);
  return { state, report };
}

const open = save("open", "80");
const closed = save("closed", "443");
const unknown = save("unknown", notKnownYet);

test.each([
  ["worse", closed, open, "pass", "fail"],
  ["better", open, closed, "fail", "pass"],
  ["better", open, unknown, "fail", "cannotTell"],
  ["worse", closed, unknown, "pass", "cannotTell"],
] as const)("%s", (direction, before, after, was, is) => {
  const ran = mfakit(["review", "--state", after.state, "--compare", before.report, "--format", "json"]);
  const { comparison } = reportOf(ran);
  // The management ports are as unknown as the rest; this test looks at one rule.
  const changes = (list: readonly { rule: string }[] = []) => list.filter(({ rule }) => rule === "MFA-NET-001");
  expect(changes(comparison?.[direction])).toMatchObject([{ before: was, after: is }]);
  expect(changes(comparison?.[direction === "worse" ? "better" : "worse"])).toEqual([]);
});

test("the table tells it, and which findings are new and gone", () => {
  const { stdout } = mfakit(["review", "--state", closed.state, "--compare", open.report]);
  expect(stdout).toMatch(
    /Since 20\d\d-\d\d-\d\d \d\d:\d\d UTC: 0 new findings, 1 gone\n +better\n +MFA-NET-001 +red -> green/,
  );
});

test("SARIF gives each result its baseline state", () => {
  const states = (after: typeof open, before: typeof open) => {
    const { stdout } = mfakit(["review", "--state", after.state, "--compare", before.report, "--format", "sarif"]);
    const results = JSON.parse(stdout).runs[0].results as { ruleId: string; baselineState: string }[];
    return results.filter(({ ruleId }) => ruleId === "MFA-NET-001").map(({ baselineState }) => baselineState);
  };
  expect(states(open, open)).toEqual(["unchanged"]);
  expect(states(open, closed)).toEqual(["new"]);
  expect(states(closed, open)).toEqual(["absent"]);
  expect(states(save("other-port", "81"), open)).toEqual(["updated"]);
});

test("a finding keeps its key while the same place is wrong", () => {
  const key = (port: string) => {
    const ran = mfakit(["review", "--state", save("key", port).state, "--format", "json"]);
    return reportOf(ran)
      .prerequisites.flatMap(({ rules }) => rules)
      .find(({ id }) => id === "MFA-NET-001")?.findings[0]?.key;
  };
  expect(key("80")).toContain(urnOf("azure-native:network:SecurityRule", "web"));
  expect(key("8080")).toBe(key("80"));
});
