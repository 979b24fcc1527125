import type { Report, ReportedFinding, ReportedPrerequisite, ReportedRule } from "../report.ts";
import { evidenceOf, exemptionText, placeText, statusWords, whatOf } from "../words.ts";

/**
 * JUnit XML as Jenkins, GitLab and Azure Pipelines read it: a suite for each prerequisite, a case for each rule. A rule that is red is a
 * failure; one that cannot tell, is exempt, switched off or not applicable is skipped and says why, because it did not pass.
 */
export function junit(report: Report): string {
  const rules = report.prerequisites.flatMap((each) => each.rules);
  const suites = report.prerequisites.map((each, id) => suite(each, id, report.reviewedAt));
  const name = `mfakit review ${report.project}/${report.stack}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, tests: rules.length, failures: failed(rules), errors: 0 })}>`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suite({ step, text, rules }: ReportedPrerequisite, id: number, timestamp: string): string {
  const skipped = rules.filter(({ status }) => status !== "pass" && status !== "fail").length;
  const head = attributes({
    id,
    name: `${step}: ${text}`,
    package: "mfakit.review",
    timestamp: timestamp.slice(0, 19),
    hostname: "localhost",
    tests: rules.length,
    failures: failed(rules),
    errors: 0,
    skipped,
    time: 0,
  });
  return [`  <testsuite${head}>`, ...rules.map(testCase), "  </testsuite>"].join("\n");
}

function testCase(rule: ReportedRule): string {
  const head = attributes({ classname: rule.id, name: `${rule.id} ${rule.title}`, time: 0 });
  if (rule.status === "pass") return `    <testcase${head}/>`;
  const said = rule.findings.map(findingText).join("\n\n");
  if (rule.status !== "fail") {
    // What cannot be told says so itself.
    const text =
      rule.status === "cannotTell" ? said : [statusWords[rule.status], said || rule.reason].filter(Boolean).join(": ");
    return `    <testcase${head}>\n      <skipped>${escaped(text)}</skipped>\n    </testcase>`;
  }
  const failure = attributes({ type: rule.severity, message: rule.title });
  const text = `${said}\n\n${rule.rationale}`;
  return `    <testcase${head}>\n      <failure${failure}>${escaped(text)}</failure>\n    </testcase>`;
}

function findingText(finding: ReportedFinding): string {
  const { urn, mend, program, setting } = finding;
  const places = [program, setting].filter((place) => place !== undefined).map(placeText);
  const lines = [whatOf(finding), exemptionText(finding), urn, evidenceOf(finding), ...places, mend && `mend: ${mend}`];
  return lines.filter((line) => line !== undefined).join("\n");
}

function failed(rules: readonly ReportedRule[]): number {
  return rules.filter(({ status }) => status === "fail").length;
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

/** Text as XML 1.0 takes it: characters that it does not know become U+FFFD. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML does not know.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
