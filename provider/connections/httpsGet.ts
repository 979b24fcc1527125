import { type Agent, get } from "node:https";

/** An answer, whatever its status. */
export interface Got {
  status: number;
  text: string;
}

/** One GET without retries: for questions that a preview asks in passing, before any HTTP library is loaded. */
export function httpsGet(url: string, agent: Agent, signal: AbortSignal): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal, headers: { "user-agent": "mfakit" } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on("error", reject);
  });
}
