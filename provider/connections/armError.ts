import { UserError } from "../engine/userError.ts";

/** The error body of Azure Resource Manager, as far as the kit reads it. */
export interface ArmErrorBody {
  error?: { code?: string; message?: string; details?: { code?: string; message?: string }[] };
  code?: string;
  message?: string;
}

/** A refusal by Azure Resource Manager: Azure's own code and message, and what to do about the frequent ones. */
export class ArmError extends UserError {
  /** HTTP status; 0 for a long operation that failed after it was accepted. */
  readonly status: number;
  /** Azure's own code, for example `AuthorizationFailed`. */
  readonly armCode: string;

  constructor(request: string, status: number, body: ArmErrorBody | undefined) {
    const { code, message } = reported(body, status);
    super("AZURE_REQUEST_FAILED", {
      what: request,
      why: `Azure answered ${status === 0 ? "" : `${status} `}${code}${message ? `: ${message}` : ""}`,
      next: NEXT[code] ?? "Correct what Azure's message names and run again.",
    });
    this.name = "ArmError";
    this.status = status;
    this.armCode = code;
  }
}

/** True when the object was changed by somebody else between read and write (ETag mismatch). */
export function isPreconditionFailed(error: unknown): boolean {
  return error instanceof ArmError && error.status === 412;
}

function reported(body: ArmErrorBody | undefined, status: number): { code: string; message: string } {
  const error = body?.error ?? body;
  const details = (body?.error?.details ?? []).map((detail) => detail.message).filter(Boolean);
  const message = [error?.message, ...details]
    .filter(Boolean)
    .join(" ")
    .trim()
    .replace(/[.\s]+$/, "");
  return { code: error?.code || `HTTP ${status}`, message };
}

/** Next actions for the codes that people meet most; see the ARM page "Resolve common errors". */
const NEXT: Record<string, string> = {
  AuthorizationFailed:
    "Give the identity a role with that action on that scope (for a DNS zone: DNS Zone Contributor), wait a few minutes and run again.",
  InvalidAuthenticationToken:
    "Check azure.tenantId and azure.authorityHost: the token comes from another tenant or cloud.",
  InvalidAuthenticationTokenTenant: "Check azure.tenantId: the subscription trusts another tenant.",
  SubscriptionNotFound: "Check azure.subscriptionId and that the identity may see that subscription.",
  ResourceGroupNotFound: "Check the name of the resource group and azure.subscriptionId.",
  ParentResourceNotFound: "Check the names in the path: the object that should contain this one does not exist.",
  MissingSubscriptionRegistration:
    "Register the namespace once: az provider register --namespace <namespace in the message>.",
  RequestDisallowedByPolicy:
    "Ask the owner of the Azure Policy named in the message for an exemption, or comply with it.",
  ScopeLocked: "Remove the lock named in the message, or let somebody who may do it.",
};
