import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { EnforcementLevel } from "@pulumi/policy";
import { UserError } from "../provider/engine/userError.ts";
import type { Exemption } from "./exemptions.ts";
import type { Baseline, Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { checkSettings } from "./settingsCheck.ts";

/** The settings of a rule as they are written: a level, or a level and what else the rule can be tuned by. */
export type RuleSettings = EnforcementLevel | ({ enforcementLevel?: EnforcementLevel } & Record<string, unknown>);

/** What `policies/config.json` holds. */
export interface PolicySettingsFile {
  /** Default `production`. */
  baseline?: Baseline;
  /** By id of a rule. */
  rules?: Record<string, RuleSettings>;
  exemptions?: Exemption[];
}

/** How the rules are tuned. */
export interface PolicySettings {
  readonly baseline: Baseline;
  readonly exemptions: readonly Exemption[];
  /** The level of a rule: its own setting, else that of the baseline, else the rule's. */
  level(rule: Rule): EnforcementLevel;
  /** What else a rule was given; its defaults are not in it. */
  configuration(id: string): Record<string, unknown>;
}

/** All mistakes in a settings file; `message` is the text for people. */
export class PolicySettingsError extends UserError {
  /** One sentence each, beginning with the path: `exemptions[0].expires ...`. */
  readonly problems: readonly string[];
  /** @param source The file. */
  constructor(source: string, problems: readonly string[], options?: ErrorOptions) {
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    super(
      "POLICY_SETTINGS_INVALID",
      {
        what: `${source} has ${count}`,
        why: problems.join("; "),
        next: "Mend it; policies/config.schema.json describes the file, and policies/README.md the rules",
      },
      options,
    );
    this.name = "PolicySettingsError";
    this.problems = problems;
    this.message = [`${this.parts.what}:`, ...problems.map((each) => `  ${each}`), this.parts.next].join("\n");
  }
}

/** The settings out of what a file holds. */
export function policySettings(file: PolicySettingsFile = {}): PolicySettings {
  const { baseline = "production", rules: own = {}, exemptions = [] } = file;
  const settingsOf = (id: string) => {
    const given = own[id] ?? {};
    return typeof given === "string" ? { enforcementLevel: given } : given;
  };
  return {
    baseline,
    exemptions,
    level: (rule) => settingsOf(rule.id).enforcementLevel ?? rule.baselines?.[baseline] ?? rule.level,
    configuration(id) {
      const { enforcementLevel: _, ...rest } = settingsOf(id);
      return rest;
    },
  };
}

/** Names another settings file than the one that comes with the pack. */
export const settingsVariable = "MFAKIT_POLICY_SETTINGS";

/** The settings file in force: the one that the environment names, else `policies/config.json`. */
export function settingsPath(environment: NodeJS.ProcessEnv): string {
  return environment[settingsVariable] ?? fileURLToPath(new URL("./config.json", import.meta.url));
}

/**
 * Reads a settings file.
 *
 * @throws PolicySettingsError with every problem of the file, when it is not there, is no JSON, or says what no rule takes.
 */
export function loadPolicySettings(path: string = settingsPath(process.env)): PolicySettings {
  const { file, problems } = checkSettings(parsed(path), rules);
  if (problems.length > 0) throw new PolicySettingsError(path, problems);
  return policySettings(file);
}

function parsed(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new PolicySettingsError(path, [`cannot be read: ${(error as NodeJS.ErrnoException).code ?? "unknown"}`], {
      cause: error,
    });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new PolicySettingsError(path, [`is no JSON: ${(error as Error).message}`], { cause: error });
  }
}
