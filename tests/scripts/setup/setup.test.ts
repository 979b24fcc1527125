import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FreshMachine, freshMachine, goBuild, npmCi, writeLockFile } from "../../support/freshMachine.ts";

let machine: FreshMachine;
beforeEach(() => {
  machine = freshMachine();
});
afterEach(() => machine.remove());

const engine = (name: string): string => join(machine.cache, "mfakit", "engine-v3.220.0", "bin", name);
const pebble = (): string => join(machine.cache, "mfakit", "pebble-v2.8.0", "bin", "pebble");
const callsOf = (name: string): string[] => machine.calls().filter((call) => call.startsWith(`${name} `));

describe("the set-up of a fresh machine", () => {
  it("leaves packages, engine and certificate authority, and says how long each took", async () => {
    const { code, output } = await machine.setUp();
    expect(output).toMatch(/✓ npm packages +[\d.]+ m?s/);
    expect(output).toMatch(/✓ Pulumi engine +[\d.]+ m?s/);
    expect(output).toMatch(/Set-up is complete/);
    expect(code).toBe(0);
    for (const path of [engine("pulumi"), engine("pulumi-language-nodejs"), pebble()])
      expect(existsSync(path)).toBe(true);
    expect(readFileSync(engine("pulumi-analyzer-policy"), "utf8")).toContain("cmd/run-policy-pack");
    expect(readFileSync(engine("pulumi-resource-pulumi-nodejs"), "utf8")).toContain("cmd/dynamic-provider");
  });

  it("has nothing to do the second time", async () => {
    await machine.setUp();
    const before = machine.calls();
    const { code, output } = await machine.setUp();
    expect(output).toMatch(/^Set-up is complete \(\d+ ms, nothing to do\)\.\n$/);
    expect(code).toBe(0);
    expect(machine.calls()).toEqual(before);
  });

  it("builds the engine for its version and leaves no draft", async () => {
    await machine.setUp();
    const builds = callsOf("go");
    expect(builds).toHaveLength(3);
    expect(builds[0]).toContain("version.Version=v3.220.0");
    expect(readdirSync(join(machine.cache, "mfakit")).toSorted()).toEqual(["engine-v3.220.0", "logs", "pebble-v2.8.0"]);
  });

  it("says what is missing and how to get it, and finishes the rest", async () => {
    machine.removeCommand("go");
    const { code, output } = await machine.setUp();
    expect(code).toBe(1);
    expect(output).toContain("Set-up failed at: Pulumi engine");
    expect(output).toContain("Go is missing");
    expect(output).toContain("https://go.dev/dl");
    expect(output).toMatch(/✓ npm packages/);
    machine.command("go", goBuild);
    expect((await machine.setUp()).code).toBe(0);
    expect(callsOf("npm")).toHaveLength(1);
  });

  it("stops at once without git", async () => {
    machine.removeCommand("git");
    const { code, output } = await machine.setUp();
    expect(code).toBe(1);
    expect(output).toContain("this machine lacks: git");
    expect(machine.calls()).toEqual([]);
  });

  it("lists the commands that are missing where there is no apt-get", async () => {
    for (const name of ["mono", "ldapsearch"]) machine.removeCommand(name);
    const { code, output } = await machine.setUp();
    expect(code).toBe(1);
    expect(output).toMatch(/ldapsearch +for checks of the directory \(package ldap-utils on Debian\)/);
    expect(output).toMatch(/mono +for the product's web services \(package mono-runtime on Debian\)/);
    expect(output).not.toMatch(/\bdig\b/);
  });

  it("shows the end of the log of what failed", async () => {
    machine.command("npm", "echo 'npm error code EHOSTUNREACH' >&2; exit 7");
    const { code, output } = await machine.setUp();
    expect(code).toBe(1);
    expect(output).toMatch(/npm ended with 7\n {4}npm error code EHOSTUNREACH/);
    expect(output).toContain(join(machine.cache, "mfakit", "logs", "npm-packages.log"));
  });
});

describe("npm packages", () => {
  it("are installed anew when package-lock.json changed", async () => {
    await machine.setUp();
    writeLockFile(machine, "2.0.0");
    await machine.setUp();
    expect(callsOf("npm")).toEqual(["npm ci --no-audit --no-fund", "npm ci --no-audit --no-fund"]);
  });

  it("get their Node.js when npm refused to run its install script", async () => {
    const fetch = `require("fs").mkdirSync("bin"); require("fs").writeFileSync("bin/node", "#!/bin/sh", { mode: 0o755 });`;
    machine.command(
      "npm",
      `${npmCi}\nrm -r node_modules/node/bin\necho '${fetch}' > node_modules/node/installArchSpecificPackage.js`,
    );
    const { code } = await machine.setUp();
    expect(code).toBe(0);
    expect(existsSync(join(machine.checkout, "node_modules", ".bin", "node"))).toBe(true);
  });
});

describe("the engine", () => {
  const putOnPath = (version: string): void => {
    machine.command("pulumi", `echo ${version}`);
    machine.command("pulumi-language-nodejs", "");
  };

  it("is the one on PATH when its version is right", async () => {
    putOnPath("v3.220.7");
    await machine.setUp();
    expect(readlinkSync(engine("pulumi"))).toBe(join(machine.folder, "bin", "pulumi"));
    expect(callsOf("go").filter((call) => call.includes("pulumi"))).toEqual([]);
  });

  it("is built when the one on PATH has another version", async () => {
    putOnPath("v3.221.0");
    await machine.setUp();
    expect(() => readlinkSync(engine("pulumi"))).toThrow();
    expect(callsOf("go").filter((call) => call.endsWith("/cmd/pulumi"))).toHaveLength(1);
  });

  it("is chosen again when the one on PATH was upgraded", async () => {
    putOnPath("v3.220.0");
    await machine.setUp();
    putOnPath("v3.300.0");
    await machine.setUp();
    expect(callsOf("go").filter((call) => call.endsWith("/cmd/pulumi"))).toHaveLength(1);
  });

  it("gets current shims without being built again", async () => {
    await machine.setUp();
    writeFileSync(engine("pulumi-analyzer-policy"), "#!/bin/sh\nexit 1\n");
    const before = callsOf("go");
    await machine.setUp();
    expect(readFileSync(engine("pulumi-analyzer-policy"), "utf8")).toContain("cmd/run-policy-pack");
    expect(callsOf("go")).toEqual(before);
  });
});

describe("the language host that was built", () => {
  const optionsGiven = async (project: string): Promise<string> => {
    await machine.setUp();
    writeFileSync(engine("pulumi-language-nodejs-v3.68.0"), '#!/bin/sh\nfor each in "$@"; do echo "<$each>"; done\n', {
      mode: 0o755,
    });
    writeFileSync(join(machine.folder, "Pulumi.yaml"), project);
    const options = { cwd: machine.folder, encoding: "utf8" } as const;
    return execFileSync(engine("pulumi-language-nodejs"), ["127.0.0.1:1"], options);
  };

  it("gets the project's runtime options as flags", async () => {
    const options = "runtime:\n  options:\n    typescript: false\n    nodeargs: --a=1 --b\n";
    expect(await optionsGiven(options)).toBe("<-typescript=false>\n<-nodeargs=--a=1 --b>\n<127.0.0.1:1>\n");
  });

  it("keeps its defaults for a project without options", async () => {
    expect(await optionsGiven("runtime: nodejs\n")).toBe("<-typescript=true>\n<-nodeargs=>\n<127.0.0.1:1>\n");
  });
});

describe("a set-up that was interrupted", () => {
  it("goes on where it stopped", async () => {
    machine.command("go", `echo building; sleep 600`);
    const first = machine.start();
    await vi.waitFor(() => expect(callsOf("go")).toHaveLength(1), { timeout: 20_000, interval: 20 });
    await vi.waitFor(() => expect(first.output()).toMatch(/✓ npm packages/), { timeout: 20_000, interval: 20 });
    first.kill("SIGKILL");
    await first.ended;
    machine.command("go", goBuild);
    const { code } = await machine.setUp();
    expect(code).toBe(0);
    expect(callsOf("npm")).toHaveLength(1);
    expect(existsSync(engine("pulumi"))).toBe(true);
    expect(readdirSync(join(machine.cache, "mfakit")).filter((name) => /draft|lock/.test(name))).toEqual([]);
  });

  it("in the middle of npm ci installs everything", async () => {
    machine.command("npm", `rm -rf node_modules; mkdir -p node_modules/a; sleep 600`);
    const first = machine.start();
    await vi.waitFor(() => expect(callsOf("npm")).toHaveLength(1), { timeout: 20_000, interval: 20 });
    first.kill("SIGTERM");
    expect((await first.ended).output).toContain("Set-up interrupted");
    machine.command("npm", npmCi);
    expect((await machine.setUp()).code).toBe(0);
    expect(existsSync(join(machine.checkout, "node_modules", ".bin", "node"))).toBe(true);
  });
});

describe("two set-ups at once", () => {
  it("are not taken for each other when a process number is used again", async () => {
    mkdirSync(join(machine.cache, "mfakit"), { recursive: true });
    writeFileSync(join(machine.cache, "mfakit", "engine-v3.220.0.lock"), `${process.pid} 1\n`);
    expect((await machine.setUp()).code).toBe(0);
  });

  it("do everything once", async () => {
    const gate = join(machine.folder, "gate");
    const wait = `while [ ! -e ${gate} ]; do sleep 0.05; done`;
    machine.command("npm", `${wait}\n${npmCi}`);
    machine.command("go", `case "$*" in *pebble*) ${wait};; esac\n${goBuild}`);
    const runs = [machine.start(), machine.start(), machine.start()];
    for (const step of ["npm packages", "certificate authority"]) {
      const waits = new RegExp(`${step} +another set-up \\(process \\d+\\)`);
      const waiting = () => runs.filter((run) => waits.test(run.output()));
      await vi.waitFor(() => expect(waiting()).toHaveLength(2), { timeout: 20_000, interval: 20 });
    }
    writeFileSync(gate, "");
    const ended = await Promise.all(runs.map((run) => run.ended));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(callsOf("npm")).toHaveLength(1);
    expect(callsOf("go")).toHaveLength(3);
    rmSync(gate);
  });
});
