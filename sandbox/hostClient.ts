import { request } from "node:http";

/** One request to the simulated host's control socket; answers the parsed JSON body. */
export function askHost<T>(controlSocket: string, method: "GET" | "POST", path: string, body?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { socketPath: controlSocket, method, path, headers: { "content-type": "application/json" } },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("end", () => {
          if ((response.statusCode ?? 500) >= 400) reject(new Error(`the simulated host refused ${path}: ${text}`));
          else resolve((text === "" ? undefined : JSON.parse(text)) as T);
        });
      },
    );
    asked.once("error", reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Windows path to SHA-256 of the installers that lie on the simulated host. */
export async function hostInstallers(controlSocket: string): Promise<Record<string, string>> {
  const installers = await askHost<{ path: string; sha256: string }[]>(controlSocket, "GET", "/installers");
  return Object.fromEntries(installers.map(({ path, sha256 }) => [path, sha256]));
}
