import type { IncomingMessage, ServerResponse } from "node:http";
import type { Arm } from "../arm/arm.ts";
import { ArmError } from "../arm/errors.ts";
import type { Json } from "../arm/json.ts";
import { DroppedResponse } from "../arm/messages.ts";
import { handleControl } from "./control.ts";
import { type HttpsServer, readBody, sendJson, serveHttps } from "./https.ts";
import type { Tokens } from "./tokens.ts";

/** Audiences that ARM accepts beside its own origin. */
const audiences = ["https://management.azure.com", "https://management.core.windows.net"];

/** ARM over HTTPS, and the sandbox's own switches under `/_sandbox/`. */
export function serveArm(
  arm: Arm,
  tokens: Tokens,
  listen: { tls: { certFile: string; keyFile: string }; address: string; port: number },
): Promise<HttpsServer> {
  return serveHttps(listen.tls, listen.address, listen.port, async (request, response) => {
    const origin = `https://${request.headers.host ?? listen.address}`;
    const url = new URL(request.url ?? "/", origin);
    if (url.pathname.startsWith("/_sandbox/")) return handleControl(arm, request, response, url.pathname);
    const body = await readBody(request);
    const refused = authenticate(request, tokens, arm, origin);
    if (refused !== undefined) return sendError(response, refused);
    let json: Json | undefined;
    try {
      json = body === "" ? undefined : (JSON.parse(body) as Json);
    } catch {
      return sendError(
        response,
        new ArmError(400, "InvalidRequestContent", "The request content was invalid: it is not JSON."),
      );
    }
    try {
      const answer = await arm.handle({
        method: request.method ?? "GET",
        path: decodeURIComponent(url.pathname).replace(/\/+$/, ""),
        query: url.searchParams,
        headers: flat(request),
        ...(json === undefined ? {} : { body: json }),
        origin,
      });
      sendJson(response, answer.status, request.method === "HEAD" ? undefined : answer.body, answer.headers);
    } catch (error) {
      if (!(error instanceof DroppedResponse)) throw error;
      request.socket.destroy();
    }
  });
}

function authenticate(request: IncomingMessage, tokens: Tokens, arm: Arm, origin: string): ArmError | undefined {
  const fail = (code: string, message: string) =>
    new ArmError(401, code, message, {
      headers: { "www-authenticate": 'Bearer authorization_uri="https://login.microsoftonline.com/"' },
    });
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) {
    return fail("AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
  }
  const claims = tokens.verify(token);
  if (claims === undefined) return fail("InvalidAuthenticationToken", "The access token is invalid.");
  if (claims.exp * 1000 <= Date.now())
    return fail("ExpiredAuthenticationToken", "The access token expiry UTC time is earlier than the current UTC time.");
  if (claims.tid !== arm.cloud.tenantId) {
    return fail(
      "InvalidAuthenticationTokenTenant",
      "The access token is from the wrong issuer: it must match the tenant of this subscription.",
    );
  }
  if (![...audiences, origin].includes(claims.aud.replace(/\/+$/, ""))) {
    return fail(
      "InvalidAuthenticationTokenAudience",
      `The access token has been obtained for wrong audience '${claims.aud}'.`,
    );
  }
  return undefined;
}

function sendError(response: ServerResponse, error: ArmError): void {
  sendJson(response, error.status, error.toBody(), { ...error.headers });
}

function flat(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}
