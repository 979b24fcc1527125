import { ResultCodeError } from "ldapts";
import { UserError, type UserErrorParts } from "../engine/userError.ts";

/** LDAP result codes that callers tell apart (RFC 4511 appendix A). */
export const LDAP_RESULT = {
  noSuchObject: 32,
  invalidCredentials: 49,
  busy: 51,
  unavailable: 52,
  alreadyExists: 68,
} as const;

/** Code of the error that tells that a connection was lost and nobody knows whether the request was carried out. */
export const CONNECTION_LOST = "DIRECTORY_CONNECTION_LOST";

/** A refusal by the directory, with its LDAP result code. */
export class DirectoryError extends UserError {
  /** RFC 4511 result code. */
  readonly resultCode: number;
  constructor(code: string, parts: UserErrorParts, resultCode: number, options?: ErrorOptions) {
    super(code, parts, options);
    this.name = "DirectoryError";
    this.resultCode = resultCode;
  }
}

interface Explanation {
  code: string;
  why: string;
  next: string;
}

/**
 * What each result code means when Active Directory answers with it. Codes that are not listed are a mistake of the caller or a
 * fault of the server, and are reported with the server's own text.
 */
const EXPLANATIONS: Readonly<Record<number, Explanation>> = {
  3: {
    code: "DIRECTORY_SLOW",
    why: "the domain controller stopped the search at its time limit",
    next: "Run again; if it happens again, look at the load of the domain controller.",
  },
  8: {
    code: "DIRECTORY_STRONGER_AUTHENTICATION",
    why: "the domain controller wants a stronger authentication than a simple bind over TLS",
    next: "Allow LDAPS simple binds for this account, or name another domain controller.",
  },
  10: {
    code: "DIRECTORY_OTHER_DOMAIN",
    why: "the object belongs to another domain or partition (the controller answered with a referral)",
    next: "Use distinguished names inside the configured domain.",
  },
  11: {
    code: "DIRECTORY_LIMIT",
    why: "an administrative limit of the domain controller was reached",
    next: "Look at the LDAP policy of the domain (ntdsutil, LDAP policies).",
  },
  16: {
    code: "DIRECTORY_CHANGED_MEANWHILE",
    why: "a value that was to be removed is gone already",
    next: "Somebody changed the object at the same time: run `pulumi up --refresh`.",
  },
  19: {
    code: "DIRECTORY_CONSTRAINT",
    why: "a value breaks a rule of the directory",
    next: "Compare the value with the attribute's limits (length, uniqueness).",
  },
  20: {
    code: "DIRECTORY_CHANGED_MEANWHILE",
    why: "a value that was to be added is there already",
    next: "Somebody changed the object at the same time: run `pulumi up --refresh`.",
  },
  32: {
    code: "DIRECTORY_NOT_FOUND",
    why: "the object, or the container it should be in, does not exist",
    next: "Check the distinguished name; create the organizational unit first.",
  },
  34: {
    code: "DIRECTORY_BAD_NAME",
    why: "the distinguished name is malformed",
    next: "Write it as RFC 4514 asks, for example OU=MFA,DC=corp,DC=contoso,DC=com, with special characters escaped by a backslash.",
  },
  50: {
    code: "DIRECTORY_ACCESS_DENIED",
    why: "the account of directory.bindUser may not do this",
    next: "Delegate the right on this organizational unit to the account; it needs no domain administrator.",
  },
  51: {
    code: "DIRECTORY_BUSY",
    why: "the domain controller is busy and stayed so for all retries",
    next: "Run again later, or put another controller first in directory.domainControllers.",
  },
  52: {
    code: "DIRECTORY_UNAVAILABLE",
    why: "the domain controller is shutting down or not ready",
    next: "Run again later, or put another controller first in directory.domainControllers.",
  },
  53: {
    code: "DIRECTORY_UNWILLING",
    why: "the directory refuses this change as a matter of principle",
    next: "Read the server's text; typical causes are a built-in object, a group scope that its members do not allow, or a password rule.",
  },
  64: {
    code: "DIRECTORY_BAD_NAME",
    why: "an object of this kind cannot have this name or be in this container",
    next: "Check organizationalUnit: it must be an organizational unit or a container.",
  },
  65: {
    code: "DIRECTORY_SCHEMA",
    why: "the schema does not allow this attribute or object here",
    next: "Check the container and the schema version of the domain.",
  },
  66: {
    code: "DIRECTORY_NOT_EMPTY",
    why: "there are objects below it",
    next: "Move or delete those first.",
  },
  68: {
    code: "DIRECTORY_NAME_TAKEN",
    why: "an object with this name, sAMAccountName or member exists already",
    next: "Choose another name, or set adopt: true to take the existing object over.",
  },
  71: {
    code: "DIRECTORY_OTHER_DOMAIN",
    why: "the change would cross a domain boundary",
    next: "Keep source and target inside the configured domain.",
  },
};

/** Win32 error that Active Directory puts in front of its text, for example `0000052D: SvcErr: ...`, and what it means here. */
const WIN32_EXPLANATIONS: Readonly<Record<number, Explanation>> = {
  1325: {
    code: "DIRECTORY_PASSWORD_POLICY",
    why: "the password does not meet the password policy of the domain (length, complexity, history or minimum age)",
    next: "Give a longer password, or leave `password` out to have one generated; look at fine-grained policies of this account.",
  },
};

/** Sub-codes in the text of a refused bind (`data 52e`), as Windows documents its logon errors. */
const BIND_REFUSALS: Readonly<Record<string, string>> = {
  "525": "the account does not exist",
  "52e": "user name or password is wrong",
  "530": "the account may not log on at this time",
  "531": "the account may not log on from this machine",
  "532": "the password has expired",
  "533": "the account is disabled",
  "701": "the account has expired",
  "773": "the password must be changed at the next logon",
  "775": "the account is locked out",
};

/** A server's refusal as an error for people; `doing` is what was tried, for example `creating CN=MFA Users,OU=MFA`. Other errors stay as they are. */
export function explain(error: unknown, doing: string): unknown {
  if (!(error instanceof ResultCodeError)) return error;
  const text = error.message.replace(/ Code: 0x[0-9a-f]+$/i, "").trim();
  const win32 = /^([0-9a-f]{8}):/i.exec(text)?.[1];
  const known =
    (win32 === undefined ? undefined : WIN32_EXPLANATIONS[Number.parseInt(win32, 16)]) ?? EXPLANATIONS[error.code];
  const { code, why, next } = known ?? {
    code: "DIRECTORY_REFUSED",
    why: `the directory answered with LDAP result code ${error.code}`,
    next: "Read the server's text; run again if the domain controller had a passing fault.",
  };
  return new DirectoryError(code, { what: doing, why: `${why} (server: ${text})`, next }, error.code, { cause: error });
}

/** Why a bind was refused. Never tried again: each attempt counts towards the account's lock-out. */
export function bindRefused(error: ResultCodeError, controller: string, user: string): DirectoryError {
  const subCode = /\bdata ([0-9a-f]+)/i.exec(error.message)?.[1]?.toLowerCase();
  const why = BIND_REFUSALS[subCode ?? ""] ?? "user name or password is wrong";
  return new DirectoryError(
    "DIRECTORY_BIND_REFUSED",
    {
      what: `${controller} refused the log-on of ${user}`,
      why,
      next: "Check directory.bindUser and set the password again with `pulumi config set --secret mfa-server:directoryPassword`. It was tried once only, so that the account is not locked out.",
    },
    error.code,
    { cause: error },
  );
}

/** Whether a refused bind says that the password (or the name) is wrong; an account that is shut says something else. */
export function isWrongPassword({ cause }: DirectoryError): boolean {
  return /\bdata 52e\b/i.test((cause as Error).message);
}

/** One controller that could not be used, and why. */
export interface FailedController {
  url: string;
  error: Error;
}

/** No controller could be used: what each of them said. */
export function unreachable(domain: string, failed: readonly FailedController[]): UserError {
  const why = failed.map(({ url, error }) => `${url}: ${connectionFault(error)}`).join("; ");
  const cause = new AggregateError(failed.map(({ error }) => error));
  if (failed.every(({ error }) => isCertificateFault(error))) {
    return new UserError(
      "DIRECTORY_CERTIFICATE",
      {
        what: `the domain controllers of ${domain} cannot be trusted`,
        why,
        next: "Add the CA that issued the certificate to directory.caCertificates, use the name that the certificate carries, or renew it; the check is never switched off.",
      },
      { cause },
    );
  }
  return new UserError(
    "DIRECTORY_UNREACHABLE",
    {
      what: `no domain controller of ${domain} can be used`,
      why,
      next: "Check directory.domainControllers, name resolution and port 636 from the machine that runs Pulumi.",
    },
    { cause },
  );
}

/** OpenSSL's and Node's codes for a certificate that does not convince. */
function isCertificateFault(error: Error): boolean {
  return /CERT|SIGNATURE|ALTNAME|ISSUER/.test(codeOf(error));
}

function connectionFault(error: Error): string {
  const code = codeOf(error);
  const meaning: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "connection reset",
    EHOSTUNREACH: "host unreachable",
    ENETUNREACH: "network unreachable",
    ENOTFOUND: "name not found",
    EAI_AGAIN: "name resolution failed",
    ETIMEDOUT: "no answer",
    CERT_HAS_EXPIRED: "its certificate has expired",
    ERR_TLS_CERT_ALTNAME_INVALID: `its certificate is for another name (${error.message})`,
    DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed and not among the trusted CAs",
    SELF_SIGNED_CERT_IN_CHAIN: "its certificate was issued by a CA that is not trusted",
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate was issued by a CA that is not trusted",
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "its certificate was issued by a CA that is not trusted",
  };
  return meaning[code] ?? (error.message.trim() || code);
}

function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}
