import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findCommand, run } from "./commands.js";
import { SetupFailure } from "./failure.js";
import { cacheDirectory } from "./locations.js";

/**
 * What the sandbox runs beside Node.js. `commands` are the programs it starts; a system without apt is asked for those.
 * `units` are the services that a package would start by itself: the sandbox starts its own copies and needs none of them.
 */
const packages = [
  {
    name: "samba-ad-dc",
    commands: ["samba", "samba-tool"],
    units: ["samba-ad-dc", "smbd", "nmbd"],
    use: "domain controller",
  },
  { name: "samba-dsdb-modules", use: "domain controller" },
  { name: "samba-ad-provision", use: "domain controller" },
  { name: "samba-vfs-modules", use: "domain controller" },
  { name: "winbind", commands: ["winbindd"], units: ["winbind"], use: "domain controller" },
  { name: "ldap-utils", commands: ["ldapsearch", "ldapmodify"], use: "checks of the directory" },
  { name: "openssh-server", commands: ["sshd"], units: ["ssh"], use: "the Windows host's SSH" },
  { name: "mono-runtime", commands: ["mono"], use: "the product's web services" },
  { name: "libmono-cil-dev", use: "the product's web services" },
  { name: "mono-mcs", commands: ["mcs"], use: "the product's web services" },
  { name: "openssl", commands: ["openssl"], use: "section encryption on the Windows host, checks of certificates" },
  { name: "bind9", commands: ["named"], units: ["named"], use: "checks of signed DNS updates" },
  { name: "bind9-dnsutils", commands: ["dig"], use: "checks of the public name" },
];

const statusFile = "/var/lib/dpkg/status";
const policyFile = "/usr/sbin/policy-rc.d";
const script = join(dirname(fileURLToPath(import.meta.url)), "install-packages.sh");

/** @type {import("./plan.js").Step} */
export const systemPackages = {
  name: "system packages",
  after: ["machine"],
  lock: join(cacheDirectory(), "system-packages.lock"),
  isDone: () => missing().length === 0,
  async work({ report, say, log }) {
    if (findCommand("apt-get") === undefined) throw withoutApt();
    const names = missing().map(({ name }) => name);
    say(`installing with apt-get: ${names.join(" ")}`);
    const root = process.getuid?.() === 0;
    if (!root && findCommand("sudo") === undefined) {
      throw new SetupFailure(
        "installing packages needs root, and sudo is missing",
        `As root: apt-get install --no-install-recommends ${names.join(" ")}`,
      );
    }
    const units = missing().flatMap((each) => each.units ?? []);
    const command = ["sh", script, policyFile, units.join(" "), ...names];
    // Without a terminal nobody can answer sudo's question for the password.
    const [program, ...args] = root ? command : ["sudo", ...(process.stdin.isTTY ? [] : ["-n"]), ...command];
    await run(program, args, {
      log,
      stdin: root ? "ignore" : "inherit",
      onLine: (line) =>
        /^(?:Get:|Unpacking|Setting up)/.test(line) && report(line.split(" ").slice(0, 3).join(" ").slice(0, 60)),
      next: `Or install them yourself: apt-get install --no-install-recommends ${names.join(" ")}.`,
    });
    const still = missing().map(({ name }) => name);
    if (still.length > 0) throw new SetupFailure(`apt-get left out: ${still.join(" ")}`, `See the log: ${log}`);
  },
};

function missing() {
  if (findCommand("apt-get") === undefined || !existsSync(statusFile)) {
    return packages.filter(({ commands = [] }) => commands.some((command) => findCommand(command) === undefined));
  }
  const status = readFileSync(statusFile, "utf8");
  return packages.filter(({ name }) => !new RegExp(`^Package: ${name}\\nStatus: \\S+ ok installed$`, "m").test(status));
}

function withoutApt() {
  const wanted = missing().flatMap(({ name, commands = [], use }) =>
    commands.map((command) => `    ${command.padEnd(12)} for ${use} (package ${name} on Debian)`),
  );
  return new SetupFailure(
    `the sandbox needs commands that this system lacks, and there is no apt-get to install them:\n${wanted.join("\n")}`,
    "Install them with your system's package manager, or run the kit in a Debian 12 container, then run the set-up again.",
  );
}
