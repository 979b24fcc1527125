import { execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Attribute, Change, Client, EqualityFilter } from "ldapts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type DirectorySeed,
  type DomainControllerOptions,
  provisionDirectory,
  type RunningDirectory,
  seedDirectory,
  startDirectory,
} from "../../../sandbox/directory/index.ts";
import { openCertificateAuthority } from "../../../sandbox/pki/index.ts";

const run = promisify(execFile);
const BASE = "DC=corp,DC=contoso,DC=com";
const SEED: DirectorySeed = {
  units: [`OU=MFA,${BASE}`, `OU=Servers,${BASE}`, `OU=People,${BASE}`],
  accounts: [
    {
      name: "svc-domainjoin",
      password: "Joins-computers-1",
      delegations: [{ unit: `OU=Servers,${BASE}`, may: "joinComputers" }],
    },
    { name: "svc-mfakit", password: "Manages-objects-1", delegations: [{ unit: `OU=MFA,${BASE}`, may: "manage" }] },
  ],
  people: [
    { name: "alice", givenName: "Alice", surname: "Young", unit: `OU=People,${BASE}`, mobile: "+49 1512 3456789" },
    { name: "carol", givenName: "Carol", surname: "Diaz, PhD", unit: `OU=People,${BASE}` },
  ],
  groups: [{ name: "MFA Users", unit: `OU=MFA,${BASE}`, members: ["alice"] }],
};

let folder: string;
let options: DomainControllerOptions;
let running: RunningDirectory;
/** Command lines of all processes that were seen while the domain was made and filled. */
const commandLines = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mfakit-directory-"));
  const authority = await openCertificateAuthority(join(folder, "pki"));
  const address = `127.251.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const request = { dnsNames: ["dc1.corp.contoso.com"], ipAddresses: [address] };
  const files = await authority.ensureCertificateFiles(join(folder, "tls"), "dc1", request);
  options = {
    directory: join(folder, "dc"),
    realm: "corp.contoso.com",
    netbiosName: "CORP",
    address,
    tls: { ...files, caFile: authority.caFile },
    adminPassword: "Administers-tests-1",
    logFile: join(folder, "samba.log"),
  };
  await watchingCommandLines(async () => {
    // What an interrupted provisioning leaves behind must not be taken for a domain.
    await provisionDirectory({ ...options, adminPassword: "weak" }).catch(() => {});
    await provisionDirectory(options);
    running = await startDirectory(options);
    await seedDirectory(running, { password: options.adminPassword }, SEED);
  });
});

afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

async function watchingCommandLines(work: () => Promise<void>): Promise<void> {
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  while (!done) {
    const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
    for (const id of processes) {
      commandLines.add(await readFile(`/proc/${id}/cmdline`, "utf8").catch(() => ""));
    }
    // Each program of interest runs for some hundred milliseconds.
    await delay(50);
  }
  await working;
}

async function bound<T>(
  user: string,
  password: string,
  use: (client: Client) => Promise<T>,
  url = running.ldapsUrl,
): Promise<T> {
  const ca = await readFile(running.caFile, "utf8");
  const client = new Client({ url, ...(url.startsWith("ldaps:") && { tlsOptions: { ca } }) });
  try {
    await client.bind(user, password);
    return await use(client);
  } finally {
    await client.unbind();
  }
}

async function newComputer(client: Client, name: string, unit: string): Promise<void> {
  await client.add(`CN=${name},${unit}`, {
    objectClass: "computer",
    sAMAccountName: `${name}$`,
    userAccountControl: "4096",
  });
}

describe("the sandbox's domain controller", () => {
  test("is an Active Directory domain for OpenLDAP's tools, with a certificate that they trust", async () => {
    const env = { ...process.env, LDAPTLS_CACERT: options.tls.caFile };
    const { stdout } = await run(
      "ldapsearch",
      ["-x", "-LLL", "-H", running.ldapsUrl, "-s", "base", "-b", "", "defaultNamingContext", "dnsHostName"],
      { env },
    );
    expect(stdout).toContain(`defaultNamingContext: ${BASE}`);
    expect(stdout).toContain("dnsHostName: dc1.corp.contoso.com");
  });

  test("refuses a bind without TLS", async () => {
    const plain = running.ldapsUrl.replace("ldaps:", "ldap:").replace(":636", ":389");
    await expect(bound("svc-mfakit@corp.contoso.com", "Manages-objects-1", async () => {}, plain)).rejects.toThrow(
      /Transport encryption required/,
    );
  });

  test("listens on its own address alone", async () => {
    const { stdout } = await run("ss", ["-ltnp"]);
    const own = stdout.split("\n").filter((line) => line.includes(`pid=${running.pid},`));
    expect(own.map((line) => line.split(/\s+/)[3]).toSorted()).toEqual(
      [3268, 3269, 389, 636].map((port) => `${options.address}:${port}`),
    );
  });

  test("lets the join account create computers in its unit and nothing elsewhere", async () => {
    await bound("CORP\\svc-domainjoin", "Joins-computers-1", async (client) => {
      await newComputer(client, "MFADEV01", `OU=Servers,${BASE}`);
      const dNSHostName = new Attribute({ type: "dNSHostName", values: ["mfadev01.corp.contoso.com"] });
      await client.modify(
        `CN=MFADEV01,OU=Servers,${BASE}`,
        new Change({ operation: "replace", modification: dNSHostName }),
      );
      await expect(newComputer(client, "ELSEWHERE", `OU=MFA,${BASE}`)).rejects.toMatchObject({ code: 50 });
      await expect(
        client.add(`OU=Inner,OU=Servers,${BASE}`, { objectClass: "organizationalUnit" }),
      ).rejects.toMatchObject({ code: 50 });
    });
  });

  test("lets the kit's account manage its unit and nothing elsewhere", async () => {
    await bound("svc-mfakit@corp.contoso.com", "Manages-objects-1", async (client) => {
      await client.add(`CN=Made,OU=MFA,${BASE}`, { objectClass: "group", sAMAccountName: "Made" });
      await client.modifyDN(`CN=Made,OU=MFA,${BASE}`, `CN=Renamed,OU=MFA,${BASE}`);
      await client.del(`CN=Renamed,OU=MFA,${BASE}`);
      await expect(client.del(`CN=Alice Young,OU=People,${BASE}`)).rejects.toMatchObject({ code: 50 });
    });
  });

  test("is seeded once: a second time keeps what people did meanwhile", async () => {
    const alice = `CN=Alice Young,OU=People,${BASE}`;
    const admin = `CN=Administrator,CN=Users,${BASE}`;
    await bound(admin, options.adminPassword, async (client) => {
      const changed = new Attribute({ type: "mobile", values: ["+49 1512 0000000"] });
      await client.modify(alice, new Change({ operation: "replace", modification: changed }));
    });
    await seedDirectory(running, { password: options.adminPassword }, SEED);
    await bound(admin, options.adminPassword, async (client) => {
      const { searchEntries } = await client.search(BASE, {
        filter: new EqualityFilter({ attribute: "objectCategory", value: "person" }),
        attributes: ["sAMAccountName", "mobile", "memberOf"],
      });
      const people = Object.fromEntries(searchEntries.map((entry) => [entry.sAMAccountName, entry]));
      expect(people.alice).toMatchObject({ mobile: "+49 1512 0000000", memberOf: `CN=MFA Users,OU=MFA,${BASE}` });
      expect(people.carol).toMatchObject({ dn: `CN=Carol Diaz\\, PhD,OU=People,${BASE}`, mobile: [] });
    });
  });

  test("does not let a password expire", async () => {
    const { searchEntries } = await bound(`CN=Administrator,CN=Users,${BASE}`, options.adminPassword, (client) =>
      client.search(BASE, { scope: "base", attributes: ["maxPwdAge", "minPwdAge"] }),
    );
    expect(searchEntries[0]).toMatchObject({ maxPwdAge: "-9223372036854775808", minPwdAge: "0" });
  });

  test("puts no password on a command line", () => {
    const all = [...commandLines].join("\n");
    expect(all).toContain("python3");
    const passwords = [options.adminPassword, ...(SEED.accounts ?? []).map((account) => account.password)];
    for (const password of passwords) expect(all).not.toContain(password);
  });

  test("does not start where another one listens", async () => {
    await expect(startDirectory({ ...options, directory: join(folder, "other") })).rejects.toThrow(
      /cannot be listened on/,
    );
  });

  test("keeps its objects over a restart, also under another path", async () => {
    await running.stop();
    expect(existsSync(`/proc/${running.pid}`)).toBe(false);
    const moved = join(folder, "moved");
    await run("mv", [options.directory, moved]);
    options = { ...options, directory: moved };
    running = await startDirectory(options);
    await expect(bound("svc-mfakit@corp.contoso.com", "Manages-objects-1", async () => "still there")).resolves.toBe(
      "still there",
    );
  });

  test("ends when the process that started it is killed", async () => {
    await running.stop();
    const optionsFile = join(folder, "options.json");
    await writeFile(optionsFile, JSON.stringify(options), { mode: 0o600 });
    const holder = spawn(process.execPath, [join(import.meta.dirname, "hold.ts"), optionsFile], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(holder.stdout, "data");
    const pid = Number(String(line));
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    holder.kill("SIGKILL");
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
    running = await startDirectory(options);
  });
});
