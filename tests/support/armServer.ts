import type { AzureConnection } from "../../provider/configuration.ts";
import { type Answer, type Handler, type HttpsServer, type SeenRequest, startHttpsServer } from "./httpsServer.ts";

/** A small Resource Manager with an Entra ID token endpoint; what lies behind the token is the test's business. */
export interface ArmServer extends Omit<HttpsServer, "requests"> {
  connection: AzureConnection;
  /** Requests that carried a token. */
  readonly requests: SeenRequest[];
  /** How many tokens were issued. */
  readonly tokens: number;
}

const TENANT = "11111111-2222-3333-4444-555555555555";
const CLIENT = "99999999-8888-7777-6666-555555555555";
export const SECRET = "a-secret-that-must-not-be-seen";

export async function startArmServer(handler: Handler): Promise<ArmServer> {
  let tokens = 0;
  const requests: SeenRequest[] = [];
  const server = await startHttpsServer((request) => {
    if (request.path === `/${TENANT}/v2.0/.well-known/openid-configuration`) return openIdConfiguration();
    if (request.path === `/${TENANT}/oauth2/v2.0/token`) return token(request.text);
    if (request.headers.authorization !== "Bearer the-token") {
      return { status: 401, body: { error: { code: "AuthenticationFailed", message: "No token." } } };
    }
    requests.push(request);
    return handler(request);
  });
  const openIdConfiguration = (): Answer => {
    const base = `${server.origin}/${TENANT}`;
    return {
      status: 200,
      body: {
        issuer: `${base}/v2.0`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        end_session_endpoint: `${base}/oauth2/v2.0/logout`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      },
    };
  };
  const token = (form: string): Answer => {
    if (new URLSearchParams(form).get("client_secret") !== SECRET) {
      const error_description = "AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2";
      return { status: 401, body: { error: "invalid_client", error_description, error_codes: [7000215] } };
    }
    tokens += 1;
    return { status: 200, body: { token_type: "Bearer", expires_in: 3599, access_token: "the-token" } };
  };
  return {
    origin: server.origin,
    caPem: server.caPem,
    close: server.close,
    get connections() {
      return server.connections;
    },
    requests,
    get tokens() {
      return tokens;
    },
    connection: {
      resourceManagerEndpoint: server.origin,
      authorityHost: `${server.origin}/`,
      tenantId: TENANT,
      subscriptionId: "00000000-0000-0000-0000-000000000001",
      clientId: CLIENT,
      clientSecret: SECRET,
      caCertificates: server.caPem,
    },
  };
}
