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
  const generated = await generatedSecrets();
  expect([...generated.keys()].map((name) => name.split(" ").at(-1))).toEqual(expect.arrayContaining(generatedNames));
  for (const [name, value] of generated) secrets.set(name, telling(value));

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

/** Outputs that the kit makes up itself. */
const generatedNames = ["password", "pfxPassword", "pfxBase64", "privateKeyPem", "accountKeyPem"];

/** Every secret that the deployment generated, by resource and output. */
async function generatedSecrets(): Promise<Map<string, string>> {
  const { output } = await sandbox.pulumi("stack", "export", "--show-secrets");
  const { deployment } = JSON.parse(output) as {
    deployment: { resources: { urn: string; outputs?: Record<string, { plaintext?: string }> }[] };
  };
  return new Map(
    deployment.resources.flatMap(({ urn, outputs }) =>
      generatedNames.flatMap((name): [string, string][] => {
        const plaintext = outputs?.[name]?.plaintext;
        return plaintext === undefined ? [] : [[`${urn.split("::").at(-1)} ${name}`, JSON.parse(plaintext) as string]];
      }),
    ),
  );
}

/** The part of a secret that would give it away: of a key the second line of its body (the first is alike in many), of others the beginning. */
function telling(secret: string): string {
  return secret.includes("\n") ? (secret.split("\n")[2] ?? secret) : secret.slice(0, 64);
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
