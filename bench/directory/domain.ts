import { randomInt } from "node:crypto";
import { lstatSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { DirectoryConnection } from "../../provider/configuration.ts";
import { openDirectory } from "../../provider/connections/ldap.ts";
import {
  type DomainControllerOptions,
  keptTemplate,
  provisionDirectory,
  type RunningDirectory,
  startDirectory,
} from "../../sandbox/directory/index.ts";
import { populateDirectory, populatedName } from "../../sandbox/directory/populate.ts";
import { writeSmbConf } from "../../sandbox/directory/smbConf.ts";
import { type CertificateAuthority, openCertificateAuthority } from "../../sandbox/pki/index.ts";

const REALM = "corp.contoso.com";
/** Of domains that exist for the length of a measurement, on loopback. */
const ADMIN_PASSWORD = "Only-4-benchmarks-on-loopback";
const MEMBERS_PER_REQUEST = 1000;

/** A domain controller with many people, the first of whom are in one group. */
export interface BenchDomain {
  baseDn: string;
  /** Distinguished name of the group. */
  group: string;
  connection: DirectoryConnection;
  /** For OpenLDAP's tools. */
  caFile: string;
  passwordFile: string;
  stop(): Promise<void>;
}

export async function startBenchDomain(people: number, members: number): Promise<BenchDomain> {
  const folder = await mkdtemp(join(tmpdir(), "mfakit-bench-directory-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const authority = await openCertificateAuthority(join(folder, "pki"));
    const directory = join(folder, "dc");
    const template = await filledTemplate(people, members, authority);
    // A controller that ran has left sockets.
    const filter = (path: string) => !lstatSync(path).isSocket();
    await cp(template, directory, { recursive: true, filter });
    const running = await startDirectory(await optionsFor(directory, authority));
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, ADMIN_PASSWORD, { mode: 0o600 });
    return {
      baseDn: running.baseDn,
      group: groupIn(running.baseDn),
      connection: connectionTo(running, authority),
      caFile: authority.caFile,
      passwordFile,
      stop: async () => {
        await running.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Minutes for fifty thousand people, so it is kept. */
function filledTemplate(people: number, members: number, authority: CertificateAuthority): Promise<string> {
  return keptTemplate({
    name: `bench-domain-${people}-${members}`,
    recipe: [
      import.meta.filename,
      resolve(import.meta.dirname, "../../sandbox/directory/populate.ts"),
      resolve(import.meta.dirname, "../../sandbox/directory/populate.py"),
    ],
    make: async (folder) => {
      const options = await optionsFor(folder, authority);
      await provisionDirectory(options);
      await populateDirectory(await writeSmbConf(options), people);
      const running = await startDirectory(options);
      try {
        await makeGroup(connectionTo(running, authority), running.baseDn, members);
      } finally {
        await running.stop();
      }
    },
  });
}

async function makeGroup(connection: DirectoryConnection, baseDn: string, members: number): Promise<void> {
  const directory = await openDirectory(connection);
  try {
    await directory.add(groupIn(baseDn), { objectClass: "group", sAMAccountName: "Bench" });
    for (let start = 0; start < members; start += MEMBERS_PER_REQUEST) {
      const length = Math.min(MEMBERS_PER_REQUEST, members - start);
      const values = Array.from({ length }, (_, offset) => populatedName(start + offset, baseDn));
      await directory.modify(groupIn(baseDn), [{ change: "add", attribute: "member", values }]);
    }
  } finally {
    await directory.close();
  }
}

function groupIn(baseDn: string): string {
  return `CN=Bench,CN=Users,${baseDn}`;
}

async function optionsFor(directory: string, authority: CertificateAuthority): Promise<DomainControllerOptions> {
  const address = `127.${randomInt(100, 250)}.${randomInt(1, 250)}.10`;
  const files = await authority.ensureCertificateFiles(join(directory, "certificate"), "dc", {
    dnsNames: [`dc1.${REALM}`],
    ipAddresses: [address],
  });
  return {
    directory,
    realm: REALM,
    netbiosName: "CORP",
    address,
    tls: { ...files, caFile: authority.caFile },
    adminPassword: ADMIN_PASSWORD,
    logFile: join(directory, "samba.log"),
  };
}

function connectionTo(running: RunningDirectory, authority: CertificateAuthority): DirectoryConnection {
  return {
    domain: REALM,
    netbiosName: "CORP",
    domainControllers: [running.ldapsUrl],
    bindUser: `Administrator@${REALM}`,
    bindPassword: ADMIN_PASSWORD,
    caCertificates: authority.caPem,
  };
}
