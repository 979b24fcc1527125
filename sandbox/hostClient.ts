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
        // A host that ends in the middle of its answer: neither half of it nor waiting for the rest is of use.
        response.once("error", reject);
        response.once("aborted", () => reject(new Error(`the simulated host broke off its answer to ${path}`)));
        response.once("end", () => {
          if ((response.statusCode ?? 500) >= 400)
            return reject(new Error(`the simulated host refused ${path}: ${text}`));
          try {
            resolve((text === "" ? undefined : JSON.parse(text)) as T);
          } catch (cause) {
            reject(new Error(`the simulated host did not answer ${path} with JSON`, { cause }));
          }
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
