import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Comparison, Report, ReportedPrerequisite, ReportedRule, RuleStatus } from "../report.ts";
import { severities, statuses } from "../report.ts";
import { moment, statusWords, verdictOf } from "../words.ts";
import { findingPart } from "./htmlFinding.ts";
import { Markup, markup } from "./markup.ts";

const signs: Record<RuleStatus, string> = {
  fail: "✕",
  cannotTell: "?",
  exempt: "⏲",
  pass: "✓",
  notApplicable: "–",
  disabled: "–",
};

/** Findings of one rule on the page; a browser and a reader give up long before ten thousand. */
const MOST = 200;

/**
 * One self-contained page. It has no script, and its policy lets it load nothing at all: it can be sent on, kept and printed.
 */
export function html(report: Report): string {
  const style = readFileSync(new URL("html.css", import.meta.url), "utf8");
  const hash = createHash("sha256").update(style).digest("base64");
  const title = `Review of ${report.project}/${report.stack}`;
  return `${
    markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<div class="sheet">
${header(report)}
<main>
${report.comparison && comparison(report.comparison)}
${attention(report)}
${steps(report).map(([step, prerequisites]) => stepPart(step, prerequisites))}
</main>
<footer>
<p>Written by mfakit ${report.kit}. Each rule has its page under docs/policies in the project. Values of secrets are never in a review.</p>
</footer>
</div>
</body>
</html>
`.html
  }`;
}

function header(report: Report): Markup {
  const { counts, failing, baseline, threshold } = report;
  const source = report.source === "preview" ? "Preview of what would be deployed" : "Export of what is deployed";
  const facts: [string, string][] = [
    ["Reviewed", moment(report.reviewedAt)],
    [source, `${report.origin} (${report.resources} resources)`],
    ["Baseline", baseline],
    ["Threshold", threshold === "mandatory" ? "mandatory rules" : threshold],
  ];
  return markup`<header>
<p class="eyebrow">Prerequisites of the Azure MFA Server</p>
<h1>${report.project} / ${report.stack}</h1>
<p class="verdict ${failing.length > 0 ? "no" : "yes"}">${verdictOf(report)}</p>
<ul class="counts">${statuses
    .filter((status) => counts[status] > 0)
    .map((status) => markup`<li><strong>${counts[status]}</strong>${badge(status)}</li>`)}</ul>
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** What a reader looks at first, with the way to it. */
function attention({ prerequisites }: Report): Markup | undefined {
  const rules = prerequisites
    .flatMap((each) => each.rules)
    .filter(({ status }) => status === "fail")
    .sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  if (rules.length === 0) return undefined;
  return markup`<section aria-labelledby="attention">
<h2 id="attention">What is red</h2>
<ul class="jump">${rules.map(
    ({ id, title, severity }) =>
      markup`<li><span><span class="badge fail">${severity}</span></span><span><a href="#${id}">${title}</a> <span class="id">${id}</span></span></li>`,
  )}</ul>
</section>`;
}

function comparison({ since, origin, worse, better, appeared, gone }: Comparison): Markup {
  const change = ({ rule, title, before, after }: Comparison["better"][number]) =>
    markup`<li>${word(before)} → ${word(after)} <span>${title} <span class="id">${rule}</span></span></li>`;
  const list = (name: string, changes: Comparison["better"]) =>
    changes.length > 0 && markup`<p class="note">${name}</p><ul class="changes">${changes.map(change)}</ul>`;
  return markup`<section aria-labelledby="comparison">
<h2 id="comparison">Since ${moment(since)}</h2>
<p class="note">${appeared.length} new findings, ${gone.length} gone, compared with the review of ${origin}.</p>
${list("Worse", worse)}${list("Better", better)}
</section>`;
}

/** Prerequisites by the step of the procedure, in the procedure's order. */
function steps({ prerequisites }: Report): [string, ReportedPrerequisite[]][] {
  return Object.entries(Object.groupBy(prerequisites, ({ step }) => step)) as [string, ReportedPrerequisite[]][];
}

function stepPart(step: string, prerequisites: readonly ReportedPrerequisite[]): Markup {
  return markup`<section>
<h2>${step}</h2>
${prerequisites.map(
  ({ text, status, rules }) => markup`<article class="prerequisite ${status}">
<h3><span>${text}</span>${rules.length > 1 && badge(status)}</h3>
${rules.map(rulePart)}
</article>`,
)}
</section>`;
}

function rulePart(rule: ReportedRule): Markup {
  const { id, title, severity, level, status, rationale, findings, reason, references } = rule;
  const isOpen = status === "fail" || status === "cannotTell" || status === "exempt";
  const rest = findings.length - MOST;
  return markup`<div class="rule" id="${id}">
<div class="head">${badge(status)}<h4>${title}</h4><span class="id">${id}</span>${
    isOpen && markup`<span class="badge weight">${severity}, ${level}</span>`
  }</div>
${status === "notApplicable" && reason !== undefined && markup`<p class="note">${reason}</p>`}
${isOpen && markup`<p class="note">${rationale}</p>`}
${findings.slice(0, MOST).map(findingPart)}
${rest > 0 && markup`<p class="note">${rest} more findings are in the JSON report.</p>`}
${isOpen && references.length > 0 && markup`<p class="note">Source: ${joined(references.map(referencePart))}</p>`}
</div>`;
}

function referencePart({ title, url }: ReportedRule["references"][number]): Markup {
  return url?.startsWith("https://") ? markup`<a href="${url}" rel="noreferrer">${title}</a>` : markup`${title}`;
}

function joined(parts: readonly Markup[]): Markup[] {
  return parts.map((part, index) => (index === 0 ? part : markup`; ${part}`));
}

function badge(status: RuleStatus): Markup {
  return markup`<span class="badge ${status}"><span aria-hidden="true">${signs[status]} </span>${statusWords[status]}</span>`;
}

function word(status: RuleStatus | "absent"): Markup {
  return status === "absent" ? markup`<span class="id">not there</span>` : badge(status);
}
