import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { DroppedResponse } from "../arm/messages.ts";
import type { Graph } from "../graph/graph.ts";
import { GraphRefusal } from "../graph/refusal.ts";
import { putUser, tenantUser } from "../graph/users.ts";
import { type HttpsServer, readBody, sendJson, serveHttps } from "./https.ts";
import type { Tokens } from "./tokens.ts";

/** Microsoft Graph v1.0 over HTTPS, and the sandbox's own switches under `/_sandbox/`. */
export function serveGraph(
  graph: Graph,
  tokens: Tokens,
  tenantId: string,
  listen: { tls: { certFile: string; keyFile: string }; address: string; port: number },
): Promise<HttpsServer> {
  return serveHttps(listen.tls, listen.address, listen.port, async (request, response) => {
    const origin = `https://${request.headers.host ?? listen.address}`;
    const url = new URL(request.url ?? "/", origin);
    const text = await readBody(request);
    if (url.pathname.startsWith("/_sandbox/")) return control(graph, request, response, url.pathname, text);
    const refused = authenticate(request, tokens, tenantId, origin);
    if (refused !== undefined) return sendJson(response, refused.status, refused.toBody());
    if (!url.pathname.startsWith("/v1.0/")) {
      const unknown = new GraphRefusal(400, "BadRequest", "The simulated Graph knows version v1.0 alone.");
      return sendJson(response, unknown.status, unknown.toBody());
    }
    try {
      const answer = await graph.handle(
        {
          method: request.method ?? "GET",
          path: decodeURIComponent(url.pathname.slice("/v1.0".length)),
          query: url.searchParams,
          headers: request.headers as Record<string, string | undefined>,
          ...(text !== "" && { body: JSON.parse(text) }),
        },
        origin,
      );
      sendJson(response, answer.status, answer.body, answer.headers);
    } catch (error) {
      if (!(error instanceof DroppedResponse)) throw error;
      request.socket.destroy();
    }
  });
}

/** What only an administrator of the tenant could do: `PUT /_sandbox/users` and `PUT /_sandbox/appRoles`. No token is asked for. */
async function control(
  graph: Graph,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  text: string,
): Promise<void> {
  switch (`${request.method} ${path}`) {
    case "PUT /_sandbox/users": {
      for (const user of z.array(tenantUser).parse(JSON.parse(text))) putUser(graph.store, user);
      await graph.store.flush();
      return sendJson(response, 204, undefined);
    }
    case "PUT /_sandbox/appRoles":
      graph.appRoles = new Set(z.array(z.string()).parse(JSON.parse(text)));
      return sendJson(response, 204, undefined);
    default:
      return sendJson(response, 404, { error: `${request.method} ${path} is not known` });
  }
}

function authenticate(
  request: IncomingMessage,
  tokens: Tokens,
  tenantId: string,
  origin: string,
): GraphRefusal | undefined {
  const refuse = (message: string) => new GraphRefusal(401, "InvalidAuthenticationToken", message);
  const [scheme, token] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || token === undefined) return refuse("Access token is empty.");
  const claims = tokens.verify(token);
  if (claims === undefined || claims.tid !== tenantId) return refuse("Access token validation failure.");
  if (claims.exp * 1000 <= Date.now()) return refuse("Lifetime validation failed, the token is expired.");
  const audience = claims.aud.replace(/\/+$/, "");
  if (audience !== origin && audience !== "https://graph.microsoft.com") {
    return refuse("Access token validation failure. Invalid audience.");
  }
  return undefined;
}
