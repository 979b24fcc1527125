import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../cli/project.ts";
import { rules } from "../../policies/rules.ts";
import { compliantSettings, compliantStack } from "../../tests/policies/compliantStack.ts";
import { foreignStacks } from "../../tests/policies/foreignStacks.ts";
import { type AnalyzedResource, type RunningPack, startPolicyPack } from "../../tests/support/policyPack.ts";
import type { Scenario } from "../main.ts";
import { median } from "../measure.ts";
import { against, type BenchmarkResult } from "../result.ts";

const RUNS = 3;
const STARTS = 5;
/** Linux counts in hundredths of a second for programs, whatever the kernel does (USER_HZ). */
const MILLISECONDS_PER_TICK = 10;
const RESOURCES = 10_000;
const FEW = 1_000;
/** How much longer than a pack of rules that do nothing the pack may take. */
const FACTOR = 1.5;
const START_BUDGET_MS = 1_000;
/** Ten times the resources may take so many times the memory: the collector does not work to the byte. */
const MEMORY_FACTOR = 12;
/** As the engine, which analyzes what it registers side by side. */
const SIDE_BY_SIDE = 16;

/** The policy pack over a large stack, beside a pack with as many rules that do nothing. */
export const policies: Scenario = {
  names: ["policies-10000", "policies-start"],
  async run(selected, say) {
    const folder = mkdtempSync(join(tmpdir(), "mfakit-bench-policies-"));
    try {
      const empty = emptyPack(folder);
      return [
        ...(selected.has("policies-start") ? await starts(empty, say) : []),
        ...(selected.has("policies-10000") ? await large(empty, say) : []),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function starts(empty: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  say("starting the pack several times");
  const times: { own: number[]; empty: number[] } = { own: [], empty: [] };
  for (let run = 0; run < STARTS; run += 1) {
    for (const [kind, directory] of [
      ["own", undefined],
      ["empty", empty],
    ] as const) {
      const pack = await startPolicyPack({ ...(directory && { directory }) });
      times[kind].push(pack.startMilliseconds);
      await pack.stop();
    }
  }
  const value = median(times.own);
  const verdict = { target: `within ${START_BUDGET_MS} ms`, met: value <= START_BUDGET_MS };
  return [
    against("pack of empty rules", median(times.empty), { name: "policies-start", value, unit: "ms", ...verdict }),
  ];
}

async function large(empty: string, say: (line: string) => void): Promise<BenchmarkResult[]> {
  const settings = compliantSettings;
  const [few, many] = [stackOf(FEW), stackOf(RESOURCES)];
  const own = await startPolicyPack({ settings });
  const peer = await startPolicyPack({ directory: empty });
  try {
    say(`judging ${many.length} resources, ${RUNS} times each`);
    await Promise.all([judge(own, few), judge(peer, few)]);
    const times: { own: number[]; peer: number[] } = { own: [], peer: [] };
    for (let run = 0; run < RUNS; run += 1) {
      times.own.push(await processorTime(own, () => judge(own, many)));
      times.peer.push(await processorTime(peer, () => judge(peer, many)));
    }
    const [value, beside] = [median(times.own), median(times.peer)];
    const verdict = { target: `within ${FACTOR} times it`, met: value <= FACTOR * beside };
    return [
      against(`${rules.length} empty rules`, beside, { name: "policies-10000", value, unit: "ms", ...verdict }),
      await memory(few, many, say),
    ];
  } finally {
    await Promise.all([own.stop(), peer.stop()]);
  }
}

/**
 * Milliseconds of processor time that a pack's process takes: what it does itself, without the wait for the one who asks, and whatever else
 * the machine does.
 */
async function processorTime({ pid }: RunningPack, act: () => Promise<void>): Promise<number> {
  const before = ticks(pid);
  await act();
  return (ticks(pid) - before) * MILLISECONDS_PER_TICK;
}

/** User and system time of a process (proc_pid_stat(5), fields 14 and 15; the name in field 2 has no space here). */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

/** What a stack adds to the memory of a pack that has just started, at its highest. */
async function memory(
  few: readonly AnalyzedResource[],
  many: readonly AnalyzedResource[],
  say: (line: string) => void,
): Promise<BenchmarkResult> {
  say("measuring the pack's memory");
  const grown: number[] = [];
  for (const stack of [few, many]) {
    const pack = await startPolicyPack({ settings: compliantSettings });
    const before = highestMegabytes(pack);
    await judge(pack, stack);
    grown.push(highestMegabytes(pack) - before);
    await pack.stop();
  }
  const [small = 0, value = 0] = grown;
  const verdict = { target: `at most ${MEMORY_FACTOR} times it`, met: value <= MEMORY_FACTOR * small };
  return against(`${FEW} resources`, small, { name: "policies-10000: memory", value, unit: "MB", ...verdict });
}

function highestMegabytes({ pid }: RunningPack): number {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

/** What the engine asks of a pack in one run: each resource before it is made, and the whole stack in the end. */
async function judge(pack: RunningPack, stack: readonly AnalyzedResource[]): Promise<void> {
  const waiting = stack.values();
  await Promise.all(
    Array.from({ length: SIDE_BY_SIDE }, async () => {
      for (const resource of waiting) await pack.analyze(resource);
    }),
  );
  await pack.analyzeStack(stack);
}

/** One server of the product among other teams' resources, as often as it takes. */
function stackOf(count: number): AnalyzedResource[] {
  const others = [...foreignStacks.flatMap(({ resources }) => resources), ...compliantStack().filter(isAzure)];
  const more = Array.from({ length: Math.ceil(count / others.length) }, (_, copy) =>
    others.map((resource) => ({
      ...resource,
      name: `${resource.name}-${copy}`,
      urn: `${resource.urn}-${copy}`,
      properties: own(resource.properties, copy),
    })),
  );
  return [...compliantStack(), ...more.flat()].slice(0, count);
}

const isAzure = ({ type }: AnalyzedResource) => type.startsWith("azure-native:") && !type.endsWith(":RecordSet");

/** Names of its own, so that the copies belong to each other and not to all. */
function own(properties: Record<string, unknown>, copy: number): Record<string, unknown> {
  const text = JSON.stringify(properties);
  return JSON.parse(
    text.replaceAll("nsg-mfa", `nsg-${copy}`).replaceAll("vm-mfadev01", `vm-${copy}`),
  ) as typeof properties;
}

/** A pack with as many rules of each kind, which look at nothing; it is started with the same options. */
function emptyPack(folder: string): string {
  const pack = join(folder, "pack");
  mkdirSync(pack);
  symlinkSync(join(projectRoot, "node_modules"), join(pack, "node_modules"));
  const options = { nodeargs: `--require=${join(projectRoot, "scripts/lazySdk.cjs")}` };
  writeFileSync(
    join(pack, "PulumiPolicy.yaml"),
    JSON.stringify({ runtime: { name: "nodejs", options }, main: "index.mjs" }),
  );
  writeFileSync(
    join(pack, "package.json"),
    JSON.stringify({ name: "empty", version: "0.1.0", type: "module", main: "index.mjs" }),
  );
  const stackRules = rules.filter(({ kind }) => kind === "stack" || kind === "exemption").length;
  writeFileSync(
    join(pack, "index.mjs"),
    `import { PolicyPack } from "@pulumi/policy";
const rule = (name, act) => ({ name, description: name, enforcementLevel: "mandatory", ...act });
new PolicyPack("empty", {
  policies: [
    ...Array.from({ length: ${rules.length - stackRules} }, (_, n) => rule("resource-" + n, { validateResource() {} })),
    ...Array.from({ length: ${stackRules} }, (_, n) => rule("stack-" + n, { validateStack() {} })),
  ],
});
`,
  );
  return pack;
}
