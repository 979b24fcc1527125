import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { projectRoot } from "../../cli/project.ts";

const PRELOAD = "--require=./scripts/lazySdk.cjs";
async function program(code: string, ...flags: string[]): Promise<string> {
  const run = await promisify(execFile)(process.execPath, [...flags, "--eval", code], { cwd: projectRoot });
  return run.stdout.trim();
}

/** Prints which of the parts are there: the package manager's dependency tree, and how many debugger sessions. */
const REPORT = `const inspector = require("node:inspector");
  let sessions = 0;
  const connect = inspector.Session.prototype.connect;
  inspector.Session.prototype.connect = function () { sessions++; return connect.call(this); };
  require("@pulumi/pulumi");
  require("@pulumi/pulumi/runtime/closure/v8Hooks").isInitializedAsync().then(() => {
    const tree = Object.keys(require.cache).some((file) => file.includes("/pacote/"));
    console.log(JSON.stringify({ tree, sessions }));
  });`;

test("the SDK by itself loads what serialises functions", async () => {
  expect(JSON.parse(await program(REPORT))).toEqual({ tree: true, sessions: 1 });
});

test("with the preload it loads none of it", async () => {
  expect(JSON.parse(await program(REPORT, PRELOAD))).toEqual({ tree: false, sessions: 0 });
});

test("with it a function can still be serialised", async () => {
  const code = `const pulumi = require("@pulumi/pulumi");
    const captured = { answer: 42 };
    pulumi.runtime.serializeFunction(() => captured.answer).then(({ text }) => console.log(text.includes("answer: 42")));`;
  expect(await program(code, PRELOAD)).toBe("true");
});
