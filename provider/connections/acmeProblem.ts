import { UserError } from "../engine/userError.ts";

/** A problem document of an ACME server (RFC 8555, 6.7). */
export interface AcmeProblem {
  /** HTTP status; 0 when the problem was found inside an order or a challenge. */
  status: number;
  /** The type without its prefix: `rateLimited`, `unauthorized`, `dns`, ... */
  kind: string;
  /** The authority's own text, with the texts of its sub-problems. */
  detail: string;
  /** When the authority said after how long to come back. */
  retryAfterMs?: number;
  /** Where a person has to act, for example to agree to new terms. */
  instance?: string;
}

/** A problem document as it travels. */
interface ProblemDocument {
  type?: string;
  detail?: string;
  instance?: string;
  subproblems?: { detail?: string; identifier?: { value?: string } }[];
}

/** Reads the body of a refused request; a body that is no problem document is reported by its status. */
export function problemOf(status: number, body: string, retryAfterMs?: number): AcmeProblem {
  let document: ProblemDocument = {};
  try {
    document = JSON.parse(body) as ProblemDocument;
  } catch {
    // A gateway in front of the authority answers in HTML: the status has to do.
  }
  return { ...embeddedProblem(document), status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** Reads the `error` of an order, an authorization's challenge, or the whole body of a refusal. */
export function embeddedProblem(error: object | undefined): AcmeProblem {
  const document = (error ?? {}) as ProblemDocument;
  const parts = (document.subproblems ?? []).map((part) =>
    part.identifier?.value ? `${part.identifier.value}: ${part.detail ?? ""}` : (part.detail ?? ""),
  );
  const kind = (document.type ?? "").replace(/^urn:ietf:params:acme:error:/, "") || "unknown";
  const detail = [document.detail, ...parts]
    .filter(Boolean)
    .join("; ")
    .replace(/[.\s]+$/, "");
  return { status: 0, kind, detail, ...(document.instance ? { instance: document.instance } : {}) };
}

/** The error for people. `what` names what was asked, for example `Certificate for mfa.contoso.com`. */
export function problemError(
  what: string,
  directoryUrl: string,
  problem: AcmeProblem,
  now: Date,
  cause?: unknown,
): UserError {
  const text = problem.detail || (problem.status ? `HTTP ${problem.status} without an explanation` : "no explanation");
  const { code, why, next } = EXPLANATIONS[problem.kind] ?? OTHER;
  const answered = `${new URL(directoryUrl).host} answered ${problem.kind}: ${text}`;
  return new UserError(
    code,
    { what, why: why ? `${why} (${answered})` : answered, next: next(problem, now) },
    { cause },
  );
}

interface Explanation {
  code: string;
  /** The likely cause, where the authority's own text need not tell it. */
  why?: string;
  next(problem: AcmeProblem, now: Date): string;
}

/** What helps when the authority does not know the account, or nobody here knows its key any more. */
export const SET_ACCOUNT_KEY =
  "Set the secret acmeAccountKey to the key (PEM) of the account that ordered the certificate, and run again.";

const VALIDATION = (next: string): Explanation => ({ code: "ACME_VALIDATION_FAILED", next: () => next });

const OTHER: Explanation = {
  code: "ACME_REFUSED",
  next: () => "Correct what the authority's answer names and run again.",
};

const EXPLANATIONS: Record<string, Explanation> = {
  rateLimited: {
    code: "ACME_RATE_LIMITED",
    next: (problem, now) => {
      const moment = problem.retryAfterMs === undefined ? undefined : new Date(now.getTime() + problem.retryAfterMs);
      return `${moment ? `Run again after ${moment.toISOString()}` : "Wait as the answer says and run again"}; while testing, use the authority's staging directory (certificate.directoryUrl).`;
    },
  },
  unauthorized: VALIDATION(
    "The authority did not see the expected TXT record: check that the zone is delegated to the name servers that Azure lists for it.",
  ),
  dns: VALIDATION("Check that the public delegation of the zone works: every name server must answer for it."),
  caa: VALIDATION("Allow this authority in the CAA record of the name or its parents (certificate.caaIssuer)."),
  incorrectResponse: VALIDATION(
    "Another value answered at the challenge's name: remove foreign _acme-challenge records.",
  ),
  rejectedIdentifier: {
    code: "ACME_NAME_REFUSED",
    next: () => "The authority issues no certificate for that name: use another name or another authority.",
  },
  unsupportedIdentifier: {
    code: "ACME_NAME_REFUSED",
    next: () => "The authority issues no certificate for that kind of name: use another name or another authority.",
  },
  accountDoesNotExist: {
    code: "ACME_ACCOUNT_UNKNOWN",
    why: "the authority has no account with this key",
    next: () => SET_ACCOUNT_KEY,
  },
  externalAccountRequired: {
    code: "ACME_EXTERNAL_ACCOUNT_REQUIRED",
    next: () =>
      "Get a key for external account binding from the authority; set certificate.externalAccountKeyId and the secret acmeExternalAccountKey.",
  },
  userActionRequired: {
    code: "ACME_USER_ACTION_REQUIRED",
    next: (problem) =>
      `Agree to the authority's new terms${problem.instance ? ` at ${problem.instance}` : ""} and run again.`,
  },
  badPublicKey: {
    code: "ACME_KEY_REFUSED",
    next: () => "Choose another keyType: the authority does not accept this one.",
  },
};
