import { UserError } from "../engine/userError.ts";

/** The error body of Key Vault, as far as the kit reads it. */
export interface KeyVaultErrorBody {
  error?: { code?: string; message?: string; innererror?: { code?: string } };
}

/** A refusal by Key Vault: its own code and message, and what to do about the frequent ones. */
export class KeyVaultError extends UserError {
  /** HTTP status. */
  readonly status: number;
  /** Key Vault's most precise code, for example `ForbiddenByRbac`. */
  readonly vaultCode: string;

  constructor(request: string, status: number, body: KeyVaultErrorBody | undefined) {
    const { code, innererror, message } = body?.error ?? {};
    const precise = innererror?.code || code || `HTTP ${status}`;
    const text = firstSentences(message);
    super("KEY_VAULT_REQUEST_FAILED", {
      what: request,
      why: `Key Vault answered ${status} ${precise}${text ? `: ${text}` : ""}`,
      next: NEXT[precise] ?? BY_STATUS[status] ?? "Correct what Key Vault's message names and run again.",
    });
    this.name = "KeyVaultError";
    this.status = status;
    this.vaultCode = precise;
  }
}

/** True when the identity has no role that allows the request, or got it so lately that the vault does not know yet. */
export function isRoleMissing(error: unknown): boolean {
  return (
    error instanceof KeyVaultError && error.status === 403 && /^(ForbiddenByRbac|Forbidden)$/.test(error.vaultCode)
  );
}

/** Key Vault lists the caller's ids on further lines. */
function firstSentences(message: string | undefined): string {
  const line = (message ?? "").split(/\r?\n/, 1)[0] ?? "";
  return line.trim().replace(/[.\s]+$/, "");
}

/** See the Azure page "Azure Key Vault REST API error codes". */
const NEXT: Record<string, string> = {
  ForbiddenByRbac:
    "Give the identity that deploys the role Key Vault Certificates Officer on the vault, wait a few minutes and run again.",
  ForbiddenByPolicy:
    "Let the vault use Azure role-based access, and give the identity that deploys the role Key Vault Certificates Officer on it.",
  ForbiddenByFirewall:
    "Let this machine's public address through the vault's firewall: certificate.keyVault.allowedNetworks for a vault of the kit, else by the vault's owner.",
  ObjectIsDeletedButRecoverable:
    "Recover or purge the deleted certificate of this name, or choose another one with certificate.keyVault.certificateName.",
  ObjectIsBeingDeleted: "Wait a minute until the vault has finished deleting it, and run again.",
};

const BY_STATUS: Record<number, string> = {
  401: "Check azure.keyVaultAudience, azure.tenantId and azure.authorityHost: the token is for another service, tenant or cloud.",
  403: "Give the identity that deploys the role Key Vault Certificates Officer on the vault, and run again.",
  404: "Check that the vault still exists; `pulumi refresh` tells what is gone.",
  409: "Something else is changing this certificate: wait a minute and run again.",
  429: "Wait a minute and run again: other programs use up this vault's limits.",
};
