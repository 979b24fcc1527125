import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type FreshMachine, freshMachine } from "../../support/freshMachine.ts";

let machine: FreshMachine;
let policy: string;
beforeEach(() => {
  machine = freshMachine();
  policy = join(machine.folder, "policy-rc.d");
  machine.command("systemctl", "exit 0");
  machine.command("apt-get", noteThePolicy());
});
afterEach(() => machine.remove());

/** What apt-get would see of the policy while it runs. */
const seen = (): string => readFileSync(join(machine.folder, "seen"), "utf8");
function noteThePolicy(): string {
  return `cat "${policy}" > "${machine.folder}/seen" 2>/dev/null || true`;
}

/** Starts the script that installs packages as root. */
function start(...args: string[]) {
  const child = spawn("sh", [join(machine.checkout, "scripts", "setup", "install-packages.sh"), policy, ...args], {
    env: machine.environment,
    stdio: "ignore",
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { kill: () => child.kill("SIGTERM"), ended };
}

const install = (...args: string[]): Promise<number | null> => start(...args).ended;

describe("installing Debian packages", () => {
  it("lets no service start meanwhile, and leaves no trace of that", async () => {
    expect(await install("ssh", "openssh-server", "mono-mcs")).toBe(0);
    expect(seen()).toMatch(/^#!\/bin\/sh\n#.*\nexit 101\n$/);
    expect(existsSync(policy)).toBe(false);
    expect(machine.calls().filter((call) => call.startsWith("apt-get"))).toEqual([
      "apt-get -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold install -y --no-install-recommends openssh-server mono-mcs",
    ]);
  });

  it("keeps a policy that the machine has", async () => {
    writeFileSync(policy, "#!/bin/sh\nexit 0\n");
    await install("", "mono-mcs");
    expect(seen()).toBe("#!/bin/sh\nexit 0\n");
    expect(readFileSync(policy, "utf8")).toBe("#!/bin/sh\nexit 0\n");
  });

  it("removes its policy when it is told to end", async () => {
    machine.command("apt-get", `${noteThePolicy()}\nsleep 0.3`);
    const run = start("", "mono-mcs");
    await vi.waitFor(() => expect(statSync(join(machine.folder, "seen")).size).toBeGreaterThan(0), {
      timeout: 10_000,
      interval: 20,
    });
    run.kill();
    await run.ended;
    expect(existsSync(policy)).toBe(false);
  });

  it("removes the policy that a killed run left", async () => {
    await install("", "mono-mcs");
    writeFileSync(policy, seen());
    await install("", "mono-mcs");
    expect(existsSync(policy)).toBe(false);
  });

  it("fetches the package lists when the first try fails", async () => {
    machine.command(
      "apt-get",
      `case "$*" in *update*) echo > "${machine.folder}/updated";; *) [ -e "${machine.folder}/updated" ];; esac`,
    );
    expect(await install("", "mono-mcs")).toBe(0);
    expect(machine.calls().filter((call) => call.startsWith("apt-get"))).toHaveLength(3);
  });

  it("fails when apt-get does", async () => {
    machine.command("apt-get", "exit 100");
    expect(await install("", "mono-mcs")).not.toBe(0);
    expect(existsSync(policy)).toBe(false);
  });
});
