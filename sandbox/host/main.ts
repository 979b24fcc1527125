import { readFileSync } from "node:fs";
import { HostProcess } from "./hostProcess.ts";
import { log } from "./log.ts";
import { hostOptions } from "./options.ts";

const [optionsFile] = process.argv.slice(2);
if (optionsFile === undefined) throw new Error("usage: main.ts OPTIONS_FILE");
// Everything the host keeps is for this user alone.
process.umask(0o077);
const host = new HostProcess(hostOptions.parse(JSON.parse(readFileSync(optionsFile, "utf8"))));
const ports = await host.start();

let isEnding = false;
const end = () => {
  if (isEnding) return;
  isEnding = true;
  host.stop().then(
    () => process.exit(0),
    (error: Error) => {
      log("host", error.stack ?? error.message);
      process.exit(1);
    },
  );
};
process.on("SIGTERM", end);
process.on("SIGINT", end);
// The parent holds the other end: when it is gone, so is this.
process.stdin.on("end", end).on("error", end).resume();
const note = `the agent's protocol is answered by ${host.agentAnswers}`;
log("host", note);
process.stdout.write(`${JSON.stringify({ ready: true, ports, note })}\n`);
