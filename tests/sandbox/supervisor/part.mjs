// A part as the supervisor starts one: `part.mjs OPTIONS_FILE`. Writes its pid to `pidFile`; with `port` it listens there.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";

const { pidFile, port, neverReady } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const server = createServer();
process.on("SIGTERM", () => process.exit(0));
process.stdin.on("end", () => process.exit(0)).resume();
server.listen({ host: "127.0.0.1", port: port ?? 0, exclusive: true }, () => {
  writeFileSync(pidFile, String(process.pid));
  if (!neverReady) process.stdout.write(`${JSON.stringify({ ready: true, ports: { main: server.address().port } })}\n`);
});
