import type { deriveNames } from "../../environment/derive.ts";
import type { EnvironmentSettings } from "../../environment/load.ts";
import type { Directory } from "../../provider/connections/ldap.ts";
import type { Visitor } from "./visitor.ts";

/** What the checks look at: the settings, the secrets of the service account, and the ways to the outside. */
export interface Verification {
  settings: EnvironmentSettings;
  names: ReturnType<typeof deriveNames>;
  /** `DOMAIN\name` and its password, from the stack's outputs. */
  serviceAccount: { name: string; password: string };
  /** `DOMAIN\name` of the account that the User Portal runs as, from the stack's outputs. */
  portalAccount: string;
  /** Where the public name must point to, from the stack's outputs. */
  publicIpAddress: string;
  visitor: Visitor;
  /** One connection for all directory checks. */
  directory(): Promise<Directory>;
}

/** One line of the report. */
export interface CheckResult {
  id: string;
  /** What it proves: a step of the procedure, in the procedure's words, or a property of the public endpoint. */
  step: string;
  status: "pass" | "fail";
  /** What was seen; with a failure also the likely cause. Never a secret. */
  detail: string;
  milliseconds: number;
}

/** A check of `T` answers with what it saw; it throws `CheckFailed` (or any error) when the step does not hold. */
export interface Check<T = Verification> {
  id: string;
  step: string;
  run(subject: T): Promise<string>;
}

/** The step does not hold; the message says what was seen and what it should be. */
export class CheckFailed extends Error {}

/** Runs all checks side by side and answers in their order. */
export function runChecks<T>(checks: readonly Check<T>[], subject: T): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async ({ id, step, run }): Promise<CheckResult> => {
      const since = performance.now();
      try {
        const detail = await run(subject);
        return { id, step, status: "pass", detail, milliseconds: Math.round(performance.now() - since) };
      } catch (error) {
        const detail = (error as Error).message;
        return { id, step, status: "fail", detail, milliseconds: Math.round(performance.now() - since) };
      }
    }),
  );
}
