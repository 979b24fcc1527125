import { nameOf } from "../../urn.ts";
import type { ReportedFinding } from "../report.ts";
import { exemptionText, placeText, whatOf } from "../words.ts";
import { type Markup, markup } from "./markup.ts";

/** One finding on the page: what, who answers for it, the evidence, and how to mend it. */
export function findingPart(finding: ReportedFinding): Markup {
  const { verdict, urn, property, value, mend, program, setting } = finding;
  const exemption = exemptionText(finding);
  const evidence: [string, Markup | undefined][] = [
    ["Resource", urn === undefined ? undefined : markup`${nameOf(urn)}<br><code class="urn">${urn}</code>`],
    ["Property", code(property)],
    ["Value", code(value)],
    ["Program", code(program && placeText(program))],
    ["Setting", code(setting && placeText(setting))],
  ];
  const rows = evidence.filter((row): row is [string, Markup] => row[1] !== undefined);
  return markup`<div class="finding ${exemption === undefined ? verdict : "excused"}">
<p class="what">${capital(whatOf(finding))}</p>
${exemption !== undefined && markup`<p class="note">${capital(exemption)}</p>`}
${rows.length > 0 && markup`<dl class="evidence">${rows.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`}
${mend !== undefined && markup`<p class="mend"><b>${verdict === "violation" ? "To mend it:" : "To find out:"}</b> ${mend}</p>`}
</div>`;
}

function code(text: string | undefined): Markup | undefined {
  return text === undefined ? undefined : markup`<code>${text}</code>`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
