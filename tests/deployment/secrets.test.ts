import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureSecrets } from "../../sandbox/secrets.ts";
import { startTestSandbox, type TestSandbox } from "../support/sandbox.ts";

let sandbox: TestSandbox;
/** What must not be found, by the name of the secret. */
let secrets: Map<string, string>;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  secrets = new Map(Object.entries(await ensureSecrets(sandbox.layout)).map(([name, value]) => [name, telling(value)]));
}, 120_000);

afterAll(() => sandbox?.down());

test("no secret is in a command line, a log, the state or the event log of an up", async () => {
  const eventLog = join(sandbox.layout.root, "events.json");
  const up = sandbox.startPulumi("up", "--yes", "--skip-preview", "--event-log", eventLog);
  const commandLines = new Set<string>();
  const watch = setInterval(() => {
    for (const line of runningCommandLines()) commandLines.add(line);
  }, 20);
  const { exitCode, output } = await up.ended;
  clearInterval(watch);
  expect(exitCode, output).toBe(0);
  const generated = await sandbox.pulumi("stack", "output", "serviceAccountPassword", "--show-secrets");
  secrets.set("serviceAccountPassword", telling(generated.output.trim()));

  const places = new Map<string, string>([
    ["output of up", output],
    ["event log", readFileSync(eventLog, "utf8")],
    ["command lines", [...commandLines].join("\n")],
    ...files(sandbox.layout.logs),
    ...files(sandbox.layout.pulumiState),
  ]);
  expect(commandLines.size).toBeGreaterThan(5);
  const found = [...places].flatMap(([place, text]) =>
    [...secrets].filter(([, value]) => text.includes(value)).map(([name]) => `${name} in ${place}`),
  );
  expect(found).toEqual([]);
}, 300_000);

/** The part of a secret that would give it away: of a key one line of its body, of a password all of it. */
function telling(secret: string): string {
  return secret.includes("\n") ? (secret.split("\n")[2] ?? secret) : secret;
}

function runningCommandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return [];
      }
    });
}

function files(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, "latin1")]);
}
