import type { ClientChannel } from "ssh2";
import type { Properties } from "../../../provider/engine/values.ts";
import { dial } from "./connection.ts";
import { environmentOf, isLogged, trimmed } from "./environment.ts";
import type { Tools } from "./types.ts";

/** Runs a command on a host over SSH, in the server's default shell, with `stdin` as its input. */
export async function runRemotely(
  command: string,
  inputs: Record<string, unknown>,
  tools: Tools,
  previous: Properties,
): Promise<Properties> {
  const client = await dial(inputs.connection, tools);
  try {
    const variables = environmentOf(inputs, previous);
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      client.exec(command, { env: { ...variables.own, ...variables.previous } }, (error, opened) =>
        error ? reject(error) : resolve(opened),
      );
    });
    return await collect(channel, command, inputs, tools);
  } finally {
    client.end();
  }
}

function collect(
  channel: ClientChannel,
  command: string,
  inputs: Record<string, unknown>,
  tools: Tools,
): Promise<Properties> {
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[], mixed: [] as Buffer[] };
  const take = (stream: "stdout" | "stderr") => (chunk: Buffer) => {
    output[stream].push(chunk);
    output.mixed.push(chunk);
    if (isLogged(inputs.logging, stream)) tools.log(chunk.toString().trimEnd());
  };
  return new Promise((resolve, reject) => {
    let exit: string | undefined = "the connection was closed before the command ended";
    const abort = () => channel.close();
    tools.signal.addEventListener("abort", abort, { once: true });
    channel.on("data", take("stdout"));
    channel.stderr.on("data", take("stderr"));
    channel.once("exit", (code: number | null, signal?: string) => {
      exit = code === 0 ? undefined : `Process exited with ${code === null ? `signal ${signal}` : `status ${code}`}`;
    });
    channel.once("error", reject);
    channel.once("close", () => {
      tools.signal.removeEventListener("abort", abort);
      if (exit === undefined) resolve({ stdout: trimmed(output.stdout), stderr: trimmed(output.stderr) });
      // The provider's error holds the command line and the output: whoever puts a secret there leaks it.
      else reject(new Error(`${exit}: running "${command}":\n${trimmed(output.mixed)}`));
    });
    channel.end((inputs.stdin as string | undefined) ?? "");
  });
}
