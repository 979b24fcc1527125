import { findCommand } from "./commands.js";
import { SetupFailure } from "./failure.js";

const oldestNode = 20;

/** @type {import("./plan.js").Step} */
export const machine = {
  name: "machine",
  after: [],
  isDone: () => missing().length === 0,
  async work() {
    throw new SetupFailure(
      `this machine lacks: ${missing().join(", ")}`,
      "On Debian or Ubuntu: apt-get install git npm; a current Node.js is at https://nodejs.org/en/download.",
    );
  },
};

function missing() {
  const commands = ["git", "npm", "tar"].filter((command) => findCommand(command) === undefined);
  const major = Number.parseInt(process.versions.node, 10);
  return major < oldestNode ? [`Node.js ${oldestNode} or newer (this is ${process.version})`, ...commands] : commands;
}
