import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { openDirectory } from "../../provider/connections/ldap.ts";
import { guidOf } from "../../provider/directory/managedObject.ts";
import { MEMBER_ATTRIBUTES } from "../../provider/directory/memberSearch.ts";
import { populatedAccount, populatedName } from "../../sandbox/directory/populate.ts";
import { type BenchDomain, startBenchDomain } from "../directory/domain.ts";
import { Floor } from "../directory/floor.ts";
import type { Measured, Operation, Work } from "../directory/provider.ts";
import type { Scenario } from "../main.ts";
import { median, milliseconds } from "../measure.ts";
import { against, type BenchmarkResult } from "../result.ts";

interface Size {
  /** People of the domain. */
  people: number;
  members: number;
  /** Members that a change takes out, and as many that it puts in. */
  changed: number;
  runs: number;
}

const sizes: Readonly<Record<string, Size>> = {
  "group-500": { people: 2_000, members: 500, changed: 50, runs: 5 },
  "group-5000": { people: 12_500, members: 5_000, changed: 125, runs: 3 },
  "group-20000": { people: 50_000, members: 20_000, changed: 500, runs: 3 },
};
/** How much longer than OpenLDAP's tools the provider may take. */
const RATIO = 1.5;
const PEAK_MEGABYTES = 300;
/** LDAP_MATCHING_RULE_IN_CHAIN; asked about people, it would take this peer minutes. */
const IN_CHAIN = "1.2.840.113556.1.4.1941";

/** A large group of a large domain, beside ldapsearch and ldapmodify on the same domain controller. */
export const directory: Scenario = {
  names: Object.keys(sizes),
  // Making so many people takes Samba minutes, once.
  long: ["group-5000", "group-20000"],
  async run(selected, say) {
    const results: BenchmarkResult[] = [];
    for (const [name, size] of Object.entries(sizes)) {
      if (!selected.has(name)) continue;
      say(`${name}: a domain of ${size.people} people, ${size.members} of them in one group (kept once it is made)`);
      const domain = await startBenchDomain(size.people, size.members);
      try {
        results.push(...(await measureGroup(name, size, domain, say)));
      } finally {
        await domain.stop();
      }
    }
    return results;
  },
};

async function measureGroup(
  name: string,
  size: Size,
  domain: BenchDomain,
  say: (line: string) => void,
): Promise<BenchmarkResult[]> {
  const group = { guid: await guidOfGroup(domain), name: domain.group };
  const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, offset) => from + offset);
  const before = numbers(0, size.members);
  const after = numbers(size.changed, size.members + size.changed);
  const floor = new Floor(domain);
  const readMembers = async () => {
    await floor.search(group.name, "base", "(objectClass=*)", ["member"]);
    await floor.search(domain.baseDn, "sub", `(memberOf=${group.name})`, MEMBER_ATTRIBUTES);
  };
  const changeMembers = async (out: number[], into: number[]) => {
    await readMembers();
    const wanted = into.map((index) => `(sAMAccountName=${populatedAccount(index)})`).join("");
    await floor.search(domain.baseDn, "sub", `(|${wanted})`, MEMBER_ATTRIBUTES);
    await floor.modify(ldif(group.name, "delete", out, domain.baseDn) + ldif(group.name, "add", into, domain.baseDn));
    await floor.search(group.name, "base", "(objectClass=*)", ["member"]);
  };
  const peers: Record<Operation, () => Promise<void>> = {
    read: readMembers,
    refresh: readMembers,
    readiness: async () => {
      await floor.search(domain.baseDn, "sub", `(&(objectCategory=group)(memberOf:${IN_CHAIN}:=${group.name}))`, [
        "1.1",
      ]);
      const people = `(&(objectCategory=person)(objectClass=user)(memberOf=${group.name}))`;
      await floor.search(domain.baseDn, "sub", people, MEMBER_ATTRIBUTES);
    },
    // The provider puts others in; this takes them out again, so that each run begins alike.
    change: () => changeMembers(numbers(size.members, size.members + size.changed), numbers(0, size.changed)),
  };
  const results: BenchmarkResult[] = [];
  for (const operation of Object.keys(peers) as Operation[]) {
    say(`${name}: ${operation}`);
    const own: Measured[] = [];
    const theirs: number[] = [];
    for (let run = 0; run < size.runs; run += 1) {
      const members = before.map(populatedAccount);
      const changed = after.map(populatedAccount);
      const measured = await inOwnProcess({ connection: domain.connection, operation, group, members, changed });
      if (measured.found !== size.members) throw new Error(`${operation} found ${measured.found} members`);
      own.push(measured);
      theirs.push(await milliseconds(peers[operation]));
    }
    const value = median(own.map((measured) => measured.milliseconds));
    const peer = median(theirs);
    results.push(
      against("ldapsearch, ldapmodify", peer, {
        name: `${name}: ${operation}`,
        value,
        unit: "ms",
        target: `within ${RATIO} times of it`,
        met: value <= peer * RATIO,
      }),
      memory(`${name}: ${operation}`, Math.max(...own.map((measured) => measured.peakMegabytes))),
    );
  }
  return results;
}

function memory(name: string, value: number): BenchmarkResult {
  const target = `at most ${PEAK_MEGABYTES} MB`;
  return { name: `${name}, peak`, value, unit: "MB", target, met: value <= PEAK_MEGABYTES };
}

async function guidOfGroup(domain: BenchDomain): Promise<string> {
  const open = await openDirectory(domain.connection);
  try {
    const entry = await open.read(domain.group, ["objectGUID"]);
    if (entry === undefined) throw new Error("the group was made and cannot be read");
    return guidOf(entry);
  } finally {
    await open.close();
  }
}

function ldif(group: string, change: "add" | "delete", members: readonly number[], baseDn: string): string {
  const values = members.map((index) => `member: ${populatedName(index, baseDn)}\n`).join("");
  return `dn: ${group}\nchangetype: modify\n${change}: member\n${values}-\n\n`;
}

async function inOwnProcess(work: Work): Promise<Measured> {
  const script = resolve(import.meta.dirname, "../directory/provider.ts");
  const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(work));
  return JSON.parse(await text(child.stdout)) as Measured;
}
