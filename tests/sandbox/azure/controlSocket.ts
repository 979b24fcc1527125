import { createServer, type Server as HttpServer } from "node:http";
import { join } from "node:path";

/** A control socket that writes down what the cloud tells the host. */
export interface ControlSocket {
  path: string;
  /** `POST /power-on` and so on, with the body. */
  calls: { path: string; body: Record<string, unknown> }[];
  /** What `/run-command` answers. */
  result: { exitCode: number; output: string; error: string };
  close(): Promise<void>;
}

export async function startControlSocket(directory: string): Promise<ControlSocket> {
  const control: ControlSocket = {
    path: join(directory, "host.sock"),
    calls: [],
    result: { exitCode: 0, output: "done\n", error: "" },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server: HttpServer = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    request.once("end", () => {
      control.calls.push({ path: request.url ?? "", body: JSON.parse(text) });
      response.setHeader("content-type", "application/json");
      response.setHeader("connection", "close");
      response.end(JSON.stringify(request.url === "/run-command" ? control.result : {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(control.path, resolve));
  return control;
}
