import { createHash } from "node:crypto";
import { pathToFileURL } from "node:url";
import { nameOf } from "../../urn.ts";
import type { Place } from "../input/position.ts";
import {
  type Comparison,
  type FindingChange,
  type Report,
  type ReportedFinding,
  type ReportedPrerequisite,
  type ReportedRule,
  rulesOf,
  type Severity,
} from "../report.ts";
import { whatOf } from "../words.ts";

/** Code scanning sorts by this number: from 9 critical, from 7 high, from 4 medium. */
const securitySeverity: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "3.0" };
const levels: Record<Severity, "error" | "warning" | "note"> = {
  critical: "error",
  high: "error",
  medium: "warning",
  low: "note",
};

/** Stands for the folder with Pulumi.yaml; readers of SARIF put the checkout's root in its place. */
const ROOT = "%SRCROOT%";

/** SARIF 2.1.0 (OASIS standard): a result for each finding, none for what holds. */
export function sarif(report: Report): string {
  const rules = rulesOf(report);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const results = [
    ...rules.flatMap((rule, index) =>
      rule.findings.map((finding) => resultOf(rule, index, finding, report.comparison)),
    ),
    ...(report.comparison?.gone ?? []).map((finding) => absentResult(finding, indexes)),
  ];
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "mfakit review",
            version: report.kit,
            rules: report.prerequisites.flatMap((group) => group.rules.map((rule) => descriptor(rule, group))),
          },
        },
        automationDetails: { id: `mfakit-review/${report.project}/${report.stack}/` },
        invocations: [{ executionSuccessful: true, endTimeUtc: report.reviewedAt }],
        originalUriBaseIds: { [ROOT]: { description: { text: "The folder with Pulumi.yaml." } } },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(rule: ReportedRule, { step, text }: ReportedPrerequisite) {
  const references = rule.references.map(({ title, url }) => (url === undefined ? title : `${title}: ${url}`));
  const links = rule.references.map(({ title, url }) => (url === undefined ? `- ${title}` : `- [${title}](${url})`));
  const guarded = `Guards: ${text} (${step})`;
  return {
    id: rule.id,
    name: rule.title,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.rationale },
    help: {
      text: [rule.rationale, guarded, `See ${rule.page}.`, ...references].join("\n"),
      markdown: [rule.rationale, `**${guarded}**`, `See \`${rule.page}\`.`, links.join("\n")].join("\n\n"),
    },
    defaultConfiguration: { enabled: rule.status !== "disabled", level: levels[rule.severity] },
    properties: {
      tags: ["security", rule.family],
      precision: "high",
      "security-severity": securitySeverity[rule.severity],
      level: rule.level,
      prerequisite: text,
      step,
      status: rule.status,
    },
  };
}

function resultOf(rule: ReportedRule, ruleIndex: number, finding: ReportedFinding, comparison: Comparison | undefined) {
  const { verdict, mend, exemption, property, value } = finding;
  const found = verdict === "violation";
  return {
    ruleId: rule.id,
    ruleIndex,
    // What a rule cannot tell is an open question and has no level.
    kind: found ? "fail" : "open",
    level: found ? levels[rule.severity] : "none",
    message: { text: mend === undefined ? whatOf(finding) : `${whatOf(finding)}\nTo mend it: ${mend}` },
    locations: [locationOf(finding)],
    ...(finding.program && finding.setting && { relatedLocations: [settingLocation(finding.setting)] }),
    partialFingerprints: { "mfakitFinding/v1": fingerprint(finding.key) },
    ...(comparison && { baselineState: baselineState(finding, comparison) }),
    ...(exemption && {
      suppressions: [
        {
          kind: "external",
          status: "accepted",
          justification: `${exemption.owner}, until ${exemption.expires}: ${exemption.reason}`,
        },
      ],
    }),
    properties: { property, value, mend },
  };
}

/** The line of the program, else that of the setting, else the project as a whole; beside it the resource. */
function locationOf({ urn, program, setting }: ReportedFinding) {
  const place = program ?? setting ?? { file: "Pulumi.yaml", line: 1 };
  return { physicalLocation: physical(place), ...(urn !== undefined && { logicalLocations: [resource(urn)] }) };
}

function settingLocation(place: Place) {
  return { id: 0, message: { text: "The setting that mends it." }, physicalLocation: physical(place) };
}

function physical({ file, line, column }: Place) {
  const isRelative = !file.startsWith("/") && !/^[a-z]:/i.test(file);
  const uri = isRelative ? file.split("/").map(encodeURIComponent).join("/") : pathToFileURL(file).href;
  return {
    artifactLocation: { uri, ...(isRelative && { uriBaseId: ROOT }) },
    region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
  };
}

function resource(urn: string) {
  return { name: nameOf(urn), fullyQualifiedName: urn, kind: "resource" };
}

function baselineState({ key }: ReportedFinding, { appeared, updated }: Comparison): string {
  if (appeared.some((finding) => finding.key === key)) return "new";
  return updated.includes(key) ? "updated" : "unchanged";
}

/** What the earlier report found and this one does not. */
function absentResult({ rule, key, what, urn, verdict }: FindingChange, indexes: ReadonlyMap<string, number>) {
  const ruleIndex = indexes.get(rule);
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    kind: verdict === "violation" ? "fail" : "open",
    level: verdict === "violation" ? "warning" : "none",
    message: { text: whatOf({ verdict, what }) },
    ...(urn !== undefined && { locations: [{ logicalLocations: [resource(urn)] }] }),
    partialFingerprints: { "mfakitFinding/v1": fingerprint(key) },
    baselineState: "absent",
  };
}

function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}
