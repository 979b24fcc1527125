/** Starts the domain controller of the options file, prints its process id, and stays: for a test that kills this process. */
import { readFileSync } from "node:fs";
import { startDirectory } from "../../../sandbox/directory/index.ts";

const running = await startDirectory(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")));
console.log(running.pid);
await running.ended;
