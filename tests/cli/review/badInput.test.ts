import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { network, previewDocument, stateDocument } from "./documents.ts";
import { Folder, mfakit } from "./mfakit.ts";

const folder = new Folder();
afterAll(() => folder.remove());
const state = folder.file("state.json", stateDocument(network()));
const preview = folder.file("preview.json", previewDocument(network()));

/** Exit code 2, nothing on standard output, no stack trace; answers what was said. */
function refusal(...args: string[]): string {
  const { status, stdout, stderr } = mfakit(["review", ...args]);
  expect({ status, stdout, stderr }).toMatchObject({ status: 2, stdout: "" });
  expect(stderr).not.toMatch(/^\s+at .*:\d+/m);
  expect(stderr).toMatch(/next: +\S/);
  return stderr;
}

describe("a file that cannot be reviewed", () => {
  const deep = `{"deployment":{"resources":[${"[".repeat(5000)}${"]".repeat(5000)}]}}`;
  mkdirSync(join(folder.path, "directory"));
  const files: [title: string, content: unknown, says: string][] = [
    ["empty", "", "is empty"],
    ["no JSON", "error: no stack selected\n", "is not whole JSON: it goes wrong in line 1, column 1"],
    ["cut off", '{"deployment": {\n"resources": [{"urn": "urn:pu', "is not whole JSON: it goes wrong in line 2"],
    ["two documents", "{}{}", "is not whole JSON"],
    ["a list", [1, 2], "but a JSON list"],
    ["a word", '"hello"', "but a single JSON value"],
    ["the export of a stack without resources", { version: 3, deployment: { manifest: {} } }, "has no resource in it"],
    ["an empty object", {}, "but an empty JSON object"],
    ["somebody else's JSON", { name: "x", scripts: {} }, "but JSON with name, scripts"],
    ["settings of the pack", { baseline: "dev", exemptions: [] }, "but settings of the policy pack"],
    ["a report", { format: "mfakit-review", prerequisites: [] }, "but a report of mfakit review"],
    [
      "resources that are none",
      { deployment: { resources: [1, { urn: "x" }, null] } },
      "has 3 entries that are no resource: number 1, 2, 3",
    ],
    ["resources that are no list", { deployment: { resources: { urn: "x" } } }, "has no resource in it"],
    ["no resource at all", { deployment: { resources: [] } }, "has no resource in it"],
    ["very deep", deep, "nested more than 256 deep"],
    ["binary", "\u0000\u0001\u0002", "is not whole JSON"],
  ];

  test.each(files)("%s", (title, content, says) => {
    const file = folder.file(`${title.replaceAll(/\W/g, "-")}.json`, content);
    const text = refusal("--state", file);
    expect(text).toContain(`--state ${file}`);
    expect(text).toContain(says);
  });

  test.each([
    ["missing", "is not there"],
    ["directory", "is a folder"],
  ])("%s", (name, says) => {
    expect(refusal("--state", join(folder.path, name))).toContain(says);
  });

  test("of the other kind is named, with the option that reads it", () => {
    expect(refusal("--state", preview)).toMatch(/but a preview .*\n +next: Read it with --preview\./);
    expect(refusal("--preview", state)).toMatch(/but a stack export .*\n +next: Read it with --state\./);
  });

  test("a preview with a step that has no resource", () => {
    const file = folder.file("steps.json", { steps: [{ op: "create", urn: "urn:pulumi:dev::p::t::n" }] });
    expect(refusal("--preview", file)).toContain("has an entry that is no resource: number 1");
  });
});

describe("settings of the pack that cannot be used", () => {
  test("have all their problems named", () => {
    const settings = folder.file("settings.json", {
      rules: { "MFA-NET-0001": "mandatory", "MFA-NET-001": "forbidden" },
      exemptions: [{ rule: "MFA-NET-002", urn: "*", owner: "me", reason: "because", expires: "31.12.2027" }],
    });
    const text = refusal("--state", state, "--policy-config", settings);
    expect(text).toContain("there are 3 problems");
    expect(text).toContain("did you mean MFA-NET-001?");
    expect(text).toContain('rules.MFA-NET-001 is "forbidden"');
    expect(text).toContain('exemptions[0].expires is "31.12.2027", which is no date: write YYYY-MM-DD');
  });

  test("of another pack are refused", () => {
    const foreign = folder.file("foreign.json", {
      all: "mandatory",
      "s3-no-public-read": { enforcementLevel: "mandatory" },
    });
    expect(refusal("--state", state, "--policy-config", foreign)).toContain("there are 2 problems");
  });

  test("that are not there", () => {
    expect(refusal("--state", state, "--policy-config", join(folder.path, "nowhere.json"))).toContain(
      "nowhere.json: cannot be read",
    );
  });
});

test("everything that is wrong is said at once", () => {
  const text = refusal(
    ...["--state", join(folder.path, "missing"), "--policy-config", join(folder.path, "nowhere.json")],
    ...["--compare", join(folder.path, "directory"), "--fail-on", "hihg", "--format", "sarf", "--output", "report.doc"],
  );
  expect(text).toContain("there are 6 problems");
  for (const says of [
    "Did you mean high?",
    "Did you mean sarif?",
    "report.doc",
    "nowhere.json",
    "is a folder",
    "is not there",
  ]) {
    expect(text).toContain(says);
  }
});

describe("the command line", () => {
  test("takes one thing to review", () => {
    expect(refusal("--state", state, "--preview", preview)).toContain("--preview and --state say different things");
  });

  test("takes one format for standard output", () => {
    expect(refusal("--state", state, "--format", "json", "--format", "html")).toContain("twice for standard output");
  });

  test("refuses an output that cannot be written", () => {
    const file = join(folder.path, "no-such-folder", "report.html");
    expect(refusal("--state", state, "--output", file)).toContain(`--output ${file} cannot be written`);
  });

  test("says which environment is missing when there is nothing to review", () => {
    const context = join(folder.path, "no-context.json");
    expect(refusal("--context", context)).toContain("BAD_CONTEXT");
  });
});

describe("an earlier report that is none", () => {
  test.each<[string, unknown, string]>([
    ["another file", { hello: 1 }, "is no report of mfakit review: format"],
    ["no JSON", "{", "cannot be read"],
  ])("%s", (_, content, says) => {
    expect(refusal("--state", state, "--compare", folder.file("earlier.json", content))).toContain(says);
  });

  test("about another stack", () => {
    const report = mfakit(["review", "--state", state, "--format", "json"]).stdout.replaceAll(
      '"stack": "dev"',
      '"stack": "test"',
    );
    const text = refusal("--state", state, "--compare", folder.file("other.json", report));
    expect(text).toContain("is about mfa-server/test, and this review about mfa-server/dev");
  });
});
