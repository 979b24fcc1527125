import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseDocument } from "yaml";
import { captureEngine, engineEnvironment } from "../../cli/engine.ts";
import { projectRoot } from "../../cli/project.ts";
import { stopSandbox } from "../../sandbox/client.ts";
import { launchSandbox } from "../../sandbox/launch.ts";
import { type SandboxLayout, sandboxLayout } from "../../sandbox/layout.ts";
import type { SandboxRecord } from "../../sandbox/record.ts";
import { ensureStack, refreshSettings, type SandboxContext, writeContext } from "../../sandbox/stack.ts";
import { EmptyProject } from "../emptyProject.ts";
import type { Scenario } from "../main.ts";
import { inTurn, milliseconds } from "../measure.ts";
import { against, type BenchmarkResult } from "../result.ts";

const RUNS = 5;
/** How much longer than an empty program an idle preview may take. */
const IDLE_PREVIEW_BUDGET_MS = 1500;

/** Programs that the environment runs on the host with @pulumi/command, each in a session of its own, when it is deployed. */
const COMMANDS = 2;
/** How long an interrupted engine may take to notice that its sandbox is gone. */
const LAST_WORDS_MS = 30_000;

/** A whole environment in a sandbox of its own, beside an empty Pulumi program on the same engine. */
export const deployment: Scenario = {
  names: ["up", "idle-preview", "idle-refresh", "up-one-change"],
  async run(selected, say) {
    const root = mkdtempSync(join(tmpdir(), "mfakit-bench-"));
    const layout = sandboxLayout(root);
    const settingsFile = join(root, "settings.yaml");
    writeFileSync(settingsFile, readFileSync(resolve(projectRoot, "Pulumi.dev.yaml")));
    const interrupt = new AbortController();
    const abort = () => interrupt.abort(new Error("interrupted"));
    process.on("SIGINT", abort);
    process.on("SIGTERM", abort);
    let measuring: Promise<BenchmarkResult[]> | undefined;
    try {
      say("starting a sandbox for the measurements");
      const record = await launchSandbox({ layout, settingsFile, signal: interrupt.signal });
      measuring = prepare(layout, record, settingsFile).then((deployed) => measure(selected, say, deployed));
      return await Promise.race([measuring, rejection(interrupt.signal)]);
    } finally {
      await stopSandbox(layout);
      // The engine still writes into the folder until it fails for want of a sandbox.
      await Promise.race([measuring?.catch(() => undefined), delay(LAST_WORDS_MS, undefined, { ref: false })]);
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
      process.off("SIGINT", abort);
      process.off("SIGTERM", abort);
    }
  },
};

async function prepare(layout: SandboxLayout, record: SandboxRecord, settingsFile: string): Promise<Deployed> {
  const context = await writeContext(layout, record);
  await refreshSettings(layout, settingsFile);
  await ensureStack(layout, resolve(projectRoot, "Pulumi.yaml"), engineEnvironment(context));
  return { layout, context, settingsFile };
}

/** Rejects when the signal is aborted. */
async function rejection(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

interface Deployed {
  layout: SandboxLayout;
  context: SandboxContext;
  settingsFile: string;
}

async function measure(
  selected: ReadonlySet<string>,
  say: (line: string) => void,
  deployed: Deployed,
): Promise<BenchmarkResult[]> {
  const results: BenchmarkResult[] = [];
  const empty = await EmptyProject.create(deployed.context);
  const counters = new Counters(deployed.layout);
  const engine = (...args: string[]) => captureEngine(deployed.context, args);

  say("deploying");
  counters.reset();
  const up = await milliseconds(() => engine("up", "--yes", "--skip-preview"));
  counters.managed = managedResources(await engine("stack", "export"));
  if (selected.has("up")) {
    const peer = await milliseconds(() => empty.engine("up", "--yes", "--skip-preview"));
    results.push(against("empty program", peer, { name: "up", value: up, unit: "ms" }));
    results.push(...counters.results("up", COMMANDS));
  }
  for (const [name, args] of [
    ["idle-preview", ["preview", "--expect-no-changes"]],
    ["idle-refresh", ["preview", "--refresh", "--expect-no-changes"]],
  ] as const) {
    if (!selected.has(name)) continue;
    say(name);
    counters.reset();
    await engine(...args);
    const counted = counters.results(name);
    const { subject, peer } = await inTurn(
      RUNS,
      () => engine(...args),
      () => empty.engine(...args),
    );
    const budget = name === "idle-preview" ? IDLE_PREVIEW_BUDGET_MS : undefined;
    results.push(
      against("empty program", peer, {
        name,
        value: subject,
        unit: "ms",
        ...(budget !== undefined && { target: `within ${budget} ms of it`, met: subject - peer <= budget }),
      }),
      ...counted,
    );
  }
  if (selected.has("up-one-change")) {
    say("up-one-change");
    await changeTtl(deployed);
    counters.reset();
    const changed = await milliseconds(() => engine("up", "--yes", "--skip-preview"));
    results.push(
      against("full up", up, { name: "up-one-change", value: changed, unit: "ms" }),
      ...counters.results("up-one-change"),
    );
  }
  return results;
}

async function changeTtl({ layout, settingsFile }: Deployed): Promise<void> {
  const settings = parseDocument(readFileSync(settingsFile, "utf8"));
  settings.setIn(["config", "mfa-server:publicEndpoint", "ttl"], 120);
  writeFileSync(settingsFile, settings.toString());
  await refreshSettings(layout, settingsFile);
}

interface Managed {
  /** Resources that the provider keeps on the host over SSH. */
  host: number;
  /** Objects that it keeps in the directory. */
  directory: number;
}

function managedResources(exported: string): Managed {
  const { deployment } = JSON.parse(exported) as { deployment: { resources: { type: string }[] } };
  const number = (token: RegExp) => deployment.resources.filter(({ type }) => token.test(type)).length;
  return { host: number(/^mfakit:(dsc|web):/), directory: number(/^mfakit:directory:/) };
}

/** SSH sessions and LDAP binds, as the SSH server and the domain controller logged them, beside one for each resource. */
class Counters {
  managed: Managed = { host: 0, directory: 0 };
  readonly #layout: SandboxLayout;
  #before = { sessions: 0, binds: 0 };

  constructor(layout: SandboxLayout) {
    this.#layout = layout;
  }

  reset(): void {
    this.#before = this.#read();
  }

  /** @param commands how many programs @pulumi/command runs in this operation; their sessions are not the provider's */
  results(operation: string, commands = 0): BenchmarkResult[] {
    const now = this.#read();
    const sessions = now.sessions - this.#before.sessions;
    const binds = now.binds - this.#before.binds;
    return [
      against("resources on the host", this.managed.host, {
        name: `${operation}: SSH`,
        value: sessions,
        unit: "sessions",
        target: commands === 0 ? "at most 1" : `1 by the provider, 1 for each of the ${commands} commands`,
        met: sessions <= 1 + commands,
      }),
      against("directory resources", this.managed.directory, {
        name: `${operation}: LDAP`,
        value: binds,
        unit: "binds",
        target: "at most 1 by the provider",
        met: binds <= 1,
      }),
    ];
  }

  #read(): { sessions: number; binds: number } {
    return {
      sessions: count(this.#layout.log("host"), /Accepted publickey/g),
      binds: count(
        this.#layout.log("directory"),
        /\[LDAP,simple bind\/TLS\] user \[[^\]]*\]\\\[svc-mfakit[^\]]*\].*NT_STATUS_OK/g,
      ),
    };
  }
}

function count(file: string, pattern: RegExp): number {
  return readFileSync(file, "utf8").match(pattern)?.length ?? 0;
}
