import type { TokenCredential } from "@azure/identity";
import type { AzureConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { openHttp, unreachable } from "./http.ts";
import { trustedCertificates } from "./trust.ts";

/**
 * The identity that calls Azure Resource Manager: the application when `clientId` and `clientSecret` are given, else what the
 * machine offers (federated token of a pipeline, managed identity, Azure CLI). Tokens are fetched at first use and renewed.
 */
export async function openAzureCredential(connection: AzureConnection): Promise<TokenCredential> {
  const { AzureAuthorityHosts, ClientSecretCredential, DefaultAzureCredential } = await import("@azure/identity");
  const { tenantId, clientId, clientSecret } = connection;
  const authorityHost = connection.authorityHost.replace(/\/+$/, "");
  const options = {
    authorityHost,
    // Only Microsoft's clouds are known to the discovery service; asking it about a private authority fails.
    disableInstanceDiscovery: !Object.values<string>(AzureAuthorityHosts).includes(authorityHost),
    tlsOptions: { ca: trustedCertificates(connection.caCertificates) },
  };
  if (clientId && clientSecret) return new ClientSecretCredential(tenantId, clientId, clientSecret, options);
  if (clientSecret) {
    throw new UserError("AZURE_CLIENT_ID_MISSING", {
      what: "The Azure connection",
      why: "a client secret is given without the application's client id",
      next: "Set azure.clientId, or remove azureClientSecret to use a managed identity or the Azure CLI.",
    });
  }
  const identity = clientId ? { managedIdentityClientId: clientId, workloadIdentityClientId: clientId } : {};
  return new DefaultAzureCredential({ ...options, ...identity, tenantId });
}

/** Turns what the identity library throws into an error for people; other errors are returned as they are. */
export async function explainLogin(error: unknown, connection: AzureConnection): Promise<unknown> {
  if (!(error instanceof Error) || !LOGIN_ERRORS.has(error.name)) return error;
  const what = `Logging on to tenant ${connection.tenantId} at ${connection.authorityHost}`;
  const lost = NO_ANSWER.test(error.message) ? await whyNoAnswer(connection) : undefined;
  if (lost) return new UserError("AZURE_LOGIN_UNREACHABLE", { what, ...lost }, { cause: error });
  return new UserError(
    "AZURE_LOGIN_FAILED",
    {
      what,
      why: firstSentence(error.message),
      next: connection.clientSecret
        ? `Check azure.clientId (${connection.clientId}), the secret azureClientSecret and its expiry.`
        : "Run `az login`, give the machine a managed identity, or set azure.clientId and azureClientSecret.",
    },
    { cause: error },
  );
}

/** The identity library keeps the reason to itself when the authority does not answer: this asks once more and looks. */
const NO_ANSWER = /endpoints_resolution_error|network_error|openid_config_error/;

async function whyNoAnswer(connection: AzureConnection): Promise<{ why: string; next: string } | undefined> {
  const http = openHttp({ caCertificates: connection.caCertificates, maxRetries: 0 });
  const authority = connection.authorityHost.replace(/\/+$/, "");
  try {
    const { status } = await http.send({
      url: `${authority}/${connection.tenantId}/v2.0/.well-known/openid-configuration`,
    });
    return {
      why: `it does not describe that tenant (HTTP ${status})`,
      next: "Check azure.tenantId and azure.authorityHost.",
    };
  } catch (error) {
    return unreachable(error, "azure.caCertificates");
  } finally {
    http.close();
  }
}

const LOGIN_ERRORS = new Set([
  "AuthenticationError",
  "AggregateAuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
  "ClientAuthError",
  "ServerError",
  "ClientConfigurationError",
]);

/** Entra ID puts trace and correlation ids on further lines. */
function firstSentence(message: string): string {
  const line = message.split(/\r?\n| Trace ID:/, 1)[0]?.trim() ?? "";
  return line.replace(/[.\s]+$/, "") || "no reason was given";
}
