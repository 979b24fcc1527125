import { UserError } from "../engine/userError.ts";

/** The error body of Microsoft Graph, as far as the kit reads it. */
export interface GraphErrorBody {
  error?: { code?: string; message?: string };
}

/** A refusal by Microsoft Graph: Graph's own code and message, and what to do about it. */
export class GraphError extends UserError {
  /** HTTP status. */
  readonly status: number;
  /** Graph's own code, for example `Authorization_RequestDenied`. */
  readonly graphCode: string;

  /** @param permissions Application permissions of which any one allows the request, the narrowest first. */
  constructor(request: string, status: number, body: GraphErrorBody | undefined, permissions: readonly string[]) {
    const code = body?.error?.code || `HTTP ${status}`;
    const message = (body?.error?.message ?? "").trim().replace(/[.\s]+$/, "");
    super(status === 403 ? "GRAPH_PERMISSION_MISSING" : "GRAPH_REQUEST_FAILED", {
      what: request,
      why: `Microsoft Graph answered ${status} ${code}${message ? `: ${message}` : ""}`,
      next: nextAction(status, permissions),
    });
    this.name = "GraphError";
    this.status = status;
    this.graphCode = code;
  }
}

/** True when the identity lacks the permission for the request. */
export function isPermissionMissing(error: unknown): boolean {
  return error instanceof GraphError && error.status === 403;
}

function nextAction(status: number, [narrowest, ...others]: readonly string[]): string {
  switch (status) {
    case 401:
      return "Check entra.graphEndpoint, azure.tenantId and azure.authorityHost: the token is for another service, tenant or cloud.";
    case 403:
      return `Grant the application (not a user) the Microsoft Graph permission ${narrowest}${others.length > 0 ? ` (${others.join(" or ")} also allows it)` : ""}, let an administrator consent to it, wait a few minutes and run again; or switch the check off with entra.licences.check: false.`;
    case 429:
      return "Wait as long as Microsoft Graph asks for and run again: other programs of this tenant use up its limits.";
    default:
      return "Correct what Graph's message names and run again.";
  }
}
