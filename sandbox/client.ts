import { request } from "node:http";
import type { SandboxLayout } from "./layout.ts";
import type { SandboxRecord } from "./record.ts";

/** The record as the living supervisor tells it, or undefined when no supervisor runs. */
export async function liveRecord(layout: SandboxLayout): Promise<SandboxRecord | undefined> {
  const body = await ask(layout, "GET", "/status").catch(() => undefined);
  return body === undefined ? undefined : (JSON.parse(body) as SandboxRecord);
}

/** Stops every part and the supervisor; resolves when all are gone. False: nothing was running. */
export async function stopSandbox(layout: SandboxLayout): Promise<boolean> {
  const record = await liveRecord(layout);
  if (record === undefined) return false;
  await ask(layout, "POST", "/down");
  return true;
}

/** One request over the supervisor's socket; the answer to `/down` comes when the supervisor closes it by ending. */
function ask(layout: SandboxLayout, method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: layout.controlSocket, method, path }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
      });
      response.once("close", () => resolve(body));
    });
    asked.once("error", reject);
    asked.end();
  });
}
