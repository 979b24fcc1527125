import { nearest } from "../../environment/nearest.ts";
import { evaluate } from "../../policies/evaluate.ts";
import { loadPolicySettings, PolicySettingsError } from "../../policies/settings.ts";
import { kitVersion } from "../project.ts";
import { buildReport } from "./build.ts";
import { compare, otherStack, readEarlierReport } from "./compare.ts";
import { type ReviewProblem, ReviewRefused } from "./refusal.ts";
import { type Report, type Threshold, thresholds } from "./report.ts";
import { findSubject, type SubjectOptions } from "./subject.ts";

/** What the command line says about a review. */
export interface ReviewOptions extends SubjectOptions {
  /** Settings of the policy pack. Default: `policies/config.json`. */
  policyConfig?: string;
  /** An earlier report in JSON. */
  compare?: string;
  /** Default: what the mandatory rules say. */
  failOn?: string;
}

/**
 * Reviews a stack by the rules of the policy pack.
 *
 * @param options What to review, by which settings.
 * @param problems What the caller refuses already; thrown together with what is wrong here.
 * @throws ReviewRefused with every problem, UserError when the engine cannot preview.
 */
export async function review(options: ReviewOptions, problems: readonly ReviewProblem[]): Promise<Report> {
  const found = [...problems, ...optionProblems(options)];
  const settings = await attempt(found, () => loadPolicySettings(options.policyConfig), options.policyConfig);
  const earlier = await attempt(found, () =>
    options.compare === undefined ? undefined : readEarlierReport(options.compare),
  );
  // The engine takes its time: it is not started for a command line that is refused anyway.
  const isLive = options.preview === undefined && options.state === undefined;
  const subject = isLive && found.length > 0 ? undefined : await attempt(found, () => findSubject(options));
  if (found.length > 0 || settings === undefined || subject === undefined) throw new ReviewRefused(found);
  const { input, root, configLine } = subject;
  const now = new Date();
  const report = buildReport({
    input,
    results: evaluate(input.resources, settings, now),
    baseline: settings.baseline,
    threshold: (options.failOn as Threshold | undefined) ?? "mandatory",
    now,
    kit: kitVersion(),
    root,
    configLine,
  });
  if (earlier === undefined) return report;
  const other = otherStack(options.compare ?? "", earlier, report);
  if (other !== undefined) throw new ReviewRefused([other]);
  return { ...report, comparison: compare(earlier, report) };
}

function optionProblems({ preview, state, context, stack, failOn }: ReviewOptions): ReviewProblem[] {
  const problems: ReviewProblem[] = [];
  const given = Object.entries({ preview, state, context, stack }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  if (given.length > 1) {
    const next = "Leave one of them: a saved preview, a stack export, or the context that is previewed.";
    problems.push({ where: given.join(" and "), what: "say different things about what is reviewed", next });
  }
  if (failOn !== undefined && !(thresholds as readonly string[]).includes(failOn)) {
    const near = nearest(failOn, thresholds);
    const next = near === undefined ? `Name one of ${thresholds.join(", ")}.` : `Did you mean ${near}?`;
    problems.push({ where: `--fail-on ${failOn}`, what: "is no threshold", next });
  }
  return problems;
}

/** What `act` answers; what it refuses joins the other problems. */
async function attempt<T>(
  found: ReviewProblem[],
  act: () => T | Promise<T>,
  settingsFile = "policies/config.json",
): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ReviewRefused) found.push(...error.problems);
    else if (error instanceof PolicySettingsError) found.push(...settingsProblems(settingsFile, error));
    else throw error;
    return undefined;
  }
}

function settingsProblems(file: string, { problems }: PolicySettingsError): ReviewProblem[] {
  const next = "Correct it; policies/config.schema.json describes the file, and `mfakit rules` the rules.";
  return problems.map((problem) => ({ where: `${file}:`, what: problem, next }));
}
