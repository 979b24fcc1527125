import type { IncomingMessage } from "node:http";
import type { Arm } from "../arm/arm.ts";
import { refusalOf } from "../arm/faults.ts";
import { isObject, type JsonObject } from "../arm/json.ts";
import { answerVault } from "../keyVault/dataPlane.ts";
import { badParameter, VaultRefusal } from "../keyVault/refusal.ts";
import { type HttpsServer, readBody, sendJson, serveHttps } from "./https.ts";
import type { Claims, Tokens } from "./tokens.ts";

/**
 * Key Vault's data plane over HTTPS: certificates alone, each vault in a folder of its name. Faults are switched on at the ARM server, with
 * the path as it is here.
 */
export function serveKeyVault(
  arm: Arm,
  tokens: Tokens,
  listen: { tls: { certFile: string; keyFile: string }; address: string; port: number },
): Promise<HttpsServer> {
  return serveHttps(listen.tls, listen.address, listen.port, async (request, response) => {
    const origin = `https://${request.headers.host ?? listen.address}`;
    const url = new URL(request.url ?? "/", origin);
    const method = request.method ?? "GET";
    const body = await readBody(request);
    const faults = arm.faults.take(method, url.pathname);
    try {
      const { oid } = authenticate(request, tokens, arm, origin);
      const injected = faults.get("status");
      if (injected !== undefined) throw asVaultRefusal(injected);
      if (!url.searchParams.has("api-version")) throw badParameter("The api-version query parameter is missing.");
      const answer = await answerVault(arm, { method, path: url.pathname, body: jsonOf(body), principalId: oid });
      await arm.store.flush();
      if (faults.has("dropResponse")) return void request.socket.destroy();
      sendJson(response, 200, answer);
    } catch (error) {
      if (!(error instanceof VaultRefusal)) throw error;
      sendJson(response, error.status, error.toBody(), { ...error.headers });
    }
  });
}

function authenticate(request: IncomingMessage, tokens: Tokens, arm: Arm, origin: string): Claims {
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  const claims = scheme?.toLowerCase() === "bearer" && token !== undefined ? tokens.verify(token) : undefined;
  const audience = claims?.aud.replace(/\/+$/, "");
  if (
    claims !== undefined &&
    claims.exp * 1000 > Date.now() &&
    claims.tid === arm.cloud.tenantId &&
    (audience === origin || audience === "https://vault.azure.net")
  ) {
    return claims;
  }
  const challenge = `Bearer authorization="https://login.microsoftonline.com/${arm.cloud.tenantId}", resource="${origin}"`;
  throw new VaultRefusal(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", {
    headers: { "www-authenticate": challenge },
  });
}

function asVaultRefusal(fault: Parameters<typeof refusalOf>[0]): VaultRefusal {
  const { status, code, message, headers } = refusalOf(fault);
  const outer: Record<number, string> = { 403: "Forbidden", 409: "Conflict", 429: "Throttled" };
  return new VaultRefusal(status, outer[status] ?? code, message, { inner: code, headers: { ...headers } });
}

function jsonOf(text: string): JsonObject {
  if (text === "") return {};
  try {
    const body = JSON.parse(text) as unknown;
    if (isObject(body)) return body;
  } catch {
    // Refused below like any other text that is no object.
  }
  throw badParameter("The request body is not a JSON object.");
}
