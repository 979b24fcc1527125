import { spawn } from "node:child_process";

/** Calls `samba-tool` with arguments that arrive on standard input: a password on its command line would be seen by every process. */
const ARGUMENTS_FROM_STDIN = `
import json, sys
from samba.netcmd.main import cmd_sambatool
sys.exit(cmd_sambatool()._run("samba-tool", *json.load(sys.stdin)))
`;

/** Runs `samba-tool <args>` and answers what it printed. A failure carries the end of its output, which holds no argument. */
export async function sambaTool(args: readonly string[]): Promise<string> {
  // Debian's own interpreter: Samba's modules are built for it, whatever python3 comes first on PATH.
  const child = spawn("/usr/bin/python3", ["-c", ARGUMENTS_FROM_STDIN], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(args));
  const code = await exitCode;
  if (code !== 0) {
    const tail = output.trimEnd().split("\n").slice(-8).join("\n");
    throw new Error(`samba-tool ${args.slice(0, 2).join(" ")} ended with exit code ${code}:\n${tail}`);
  }
  return output;
}
