import { spawn } from "node:child_process";

export interface ProgramResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. `input` goes to its standard input, `secret` to file descriptor 3: neither shows on a command line. */
export function runProgram(
  command: string,
  parameters: string[],
  options: { input?: string | Uint8Array; secret?: string; environment?: Record<string, string> } = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, parameters, {
      stdio: ["pipe", "pipe", "pipe", options.secret === undefined ? "ignore" : "pipe"],
      env: { ...process.env, ...options.environment },
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    // A program that ends before it has read everything is judged by its exit code.
    for (const pipe of [child.stdin, child.stdio[3]]) pipe?.on("error", () => {});
    child.once("error", reject);
    child.once("close", (code) => resolve({ exitCode: code ?? 1, stdout, stderr }));
    child.stdin?.end(options.input ?? "");
    const secretPipe = child.stdio[3];
    if (secretPipe !== null && secretPipe !== undefined && "end" in secretPipe) secretPipe.end(options.secret);
  });
}
