import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { type HttpsServer, readBody, sendJson, serveHttps } from "./https.ts";
import type { Tokens } from "./tokens.ts";

/** The one application that may log in. */
export interface LoginClient {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  objectId: string;
}

/** How long an access token is valid, in seconds. */
const lifetime = 3599;

/** The Entra endpoints of one tenant: discovery documents, and tokens by client secret. */
export function serveLogin(
  client: LoginClient,
  tokens: Tokens,
  listen: { tls: { certFile: string; keyFile: string }; address: string; port: number },
): Promise<HttpsServer> {
  return serveHttps(listen.tls, listen.address, listen.port, async (request, response) => {
    const origin = `https://${request.headers.host ?? listen.address}`;
    const url = new URL(request.url ?? "/", origin);
    const form = new URLSearchParams(await readBody(request));
    const path = url.pathname.replace(/\/{2,}/g, "/");
    const { status, body } = answer(`${request.method} ${path}`, origin, form, client, tokens);
    sendJson(response, status, body, { "cache-control": "no-store" });
  });
}

function answer(
  request: string,
  origin: string,
  form: URLSearchParams,
  client: LoginClient,
  tokens: Tokens,
): LoginAnswer {
  if (request === "GET /common/discovery/instance") {
    return { status: 200, body: instanceDiscovery(origin, client.tenantId) };
  }
  const [, method = "", tenant = "", rest = ""] = /^(\S+) \/([^/]+)\/(.*)$/.exec(request) ?? [];
  if (tenant.toLowerCase() !== client.tenantId.toLowerCase()) {
    return refusal(400, "invalid_request", 90002, `Tenant '${tenant}' not found.`);
  }
  switch (`${method} ${rest}`) {
    case "GET v2.0/.well-known/openid-configuration":
    case "GET .well-known/openid-configuration":
      return { status: 200, body: openIdConfiguration(origin, client.tenantId) };
    case "GET discovery/v2.0/keys":
      return { status: 200, body: { keys: [] } };
    case "POST oauth2/v2.0/token":
      return issueToken(form, client, tokens);
    default:
      return { status: 404, body: { error: "not_found" } };
  }
}

/** What an endpoint answers. */
interface LoginAnswer {
  status: number;
  body: object;
}

function issueToken(form: URLSearchParams, client: LoginClient, tokens: Tokens): LoginAnswer {
  if (form.get("grant_type") !== "client_credentials") {
    const message = "The simulated endpoint supports grant_type client_credentials only.";
    return refusal(400, "unsupported_grant_type", 70003, message);
  }
  const clientId = form.get("client_id");
  if (clientId?.toLowerCase() !== client.clientId.toLowerCase()) {
    const message = `Application with identifier '${clientId}' was not found in the directory '${client.tenantId}'.`;
    return refusal(400, "unauthorized_client", 700016, message);
  }
  if (form.has("client_assertion")) {
    return refusal(401, "invalid_client", 70021, "Federated tokens are not simulated; use the client secret.");
  }
  const secret = form.get("client_secret");
  if (secret === null || !equalSecrets(secret, client.clientSecret)) {
    const message =
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.";
    return refusal(401, "invalid_client", 7000215, message);
  }
  const audience = /^(https:\/\/[^/]+)\/+\.default$/.exec(form.get("scope") ?? "")?.[1];
  if (audience === undefined) {
    return refusal(400, "invalid_scope", 70011, "The provided value for the input parameter 'scope' is not valid.");
  }
  const token = tokens.issue({
    aud: audience,
    tid: client.tenantId,
    appid: client.clientId,
    oid: client.objectId,
    exp: Math.floor(Date.now() / 1000) + lifetime,
  });
  return {
    status: 200,
    body: { token_type: "Bearer", expires_in: lifetime, ext_expires_in: lifetime, access_token: token },
  };
}

function equalSecrets(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function refusal(status: number, error: string, code: number, message: string): LoginAnswer {
  const trace = randomUUID();
  const timestamp = new Date().toISOString();
  const description = `AADSTS${code}: ${message} Trace ID: ${trace} Timestamp: ${timestamp}`;
  const ids = { trace_id: trace, correlation_id: randomUUID() };
  return { status, body: { error, error_description: description, error_codes: [code], timestamp, ...ids } };
}

function openIdConfiguration(origin: string, tenant: string): object {
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ["client_secret_post"],
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    issuer: `${origin}/${tenant}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "tid", "ver"],
    tenant_region_scope: "EU",
  };
}

function instanceDiscovery(origin: string, tenant: string): object {
  const host = new URL(origin).host;
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    "api-version": "1.1",
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
