// The ForceCommand of the simulated host's sshd: hands the session over to the host's process and back. Plain and small, because it
// starts anew for each SSH command. Answers come in frames: one byte kind (1 standard output, 2 standard error, 3 exit code), four
// bytes length, content.
import { connect } from "node:net";

const socket = connect(process.argv[2]);
let received = Buffer.alloc(0);
let exitCode = 255;

socket.write(`${JSON.stringify({ command: process.env.SSH_ORIGINAL_COMMAND ?? "" })}\n`);
process.stdin.pipe(socket);
socket.on("data", (data) => {
  received = received.length === 0 ? data : Buffer.concat([received, data]);
  while (received.length >= 5 && received.length >= 5 + received.readUInt32BE(1)) {
    const kind = received[0];
    const content = received.subarray(5, 5 + received.readUInt32BE(1));
    received = received.subarray(5 + content.length);
    if (kind === 1) process.stdout.write(content);
    else if (kind === 2) process.stderr.write(content);
    else exitCode = content.readInt32BE(0);
  }
});
// The host's process is gone: the session ends as if the machine had been switched off.
socket.on("error", () => {});
process.stdout.on("error", () => socket.destroy());
socket.on("close", () => process.stdout.write("", () => process.exit(exitCode)));
