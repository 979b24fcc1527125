import type { IncomingMessage, ServerResponse } from "node:http";
import type { Arm } from "../arm/arm.ts";
import { faults } from "../arm/faults.ts";
import { readBody, sendJson } from "./https.ts";

/**
 * The sandbox's own switches, which Azure does not have. No token is asked for: the server is bound to loopback, and a test switches
 * faults on before anything can log in.
 *
 * `POST /_sandbox/faults` adds faults, `GET` lists them, `DELETE` clears them; `GET /_sandbox/counters`, `DELETE` starts at zero.
 */
export async function handleControl(
  arm: Arm,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const content = await readBody(request);
  switch (`${request.method} ${path}`) {
    case "POST /_sandbox/faults": {
      const parsed = faults.safeParse(JSON.parse(content));
      if (!parsed.success) return sendJson(response, 400, { error: parsed.error.issues });
      arm.faults.add(parsed.data);
      return sendJson(response, 204, undefined);
    }
    case "GET /_sandbox/faults":
      return sendJson(response, 200, arm.faults.list());
    case "DELETE /_sandbox/faults":
      arm.faults.clear();
      return sendJson(response, 204, undefined);
    case "GET /_sandbox/counters":
      return sendJson(response, 200, arm.counters.toJson());
    case "DELETE /_sandbox/counters":
      arm.counters.reset();
      return sendJson(response, 204, undefined);
    default:
      return sendJson(response, 404, { error: `${request.method} ${path} is not known` });
  }
}
