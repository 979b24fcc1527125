/**
 * A real Samba domain controller for each test file. Provisioning takes ten seconds, so one provisioned database is kept in the cache
 * folder and copied: every file has a domain of its own, and what one changes no other sees.
 */
import { randomInt, randomUUID } from "node:crypto";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "ldapts";
import type { DirectoryConnection } from "../../provider/configuration.ts";
import {
  type DomainControllerOptions,
  keptTemplate,
  provisionDirectory,
  type RunningDirectory,
  startDirectory,
} from "../../sandbox/directory/index.ts";
import { type CertificateAuthority, openCertificateAuthority } from "../../sandbox/pki/index.ts";

const REALM = "corp.contoso.com";
/** Of domains that exist for the length of a test, on loopback. */
const ADMIN_PASSWORD = "Only-4-tests-on-loopback";

export interface TestDomain {
  readonly running: RunningDirectory;
  readonly baseDn: string;
  /** Options of the controller, for a test that starts another one or the same again. */
  readonly options: DomainControllerOptions;
  readonly authority: CertificateAuthority;
  /** Bound as the domain's administrator: reads back and tampers without the kit's help. */
  readonly admin: Client;
  /** The administrator's password without a line end, for `ldapsearch -y`. */
  readonly adminPasswordFile: string;
  /** What a provider would be configured with; binds as the administrator unless told otherwise. */
  connection(changes?: Partial<DirectoryConnection>): DirectoryConnection;
  /** Makes an organizational unit of a test's own and answers its distinguished name. */
  unit(): Promise<string>;
  /** One line of the controller's log for each bind, refused ones too. */
  readonly logFile: string;
  stop(): Promise<void>;
}

export async function startTestDomain(): Promise<TestDomain> {
  const folder = await mkdtemp(join(tmpdir(), "mfakit-samba-"));
  const directory = join(folder, "dc");
  await cp(await provisionedTemplate(), directory, { recursive: true });
  const authority = await openCertificateAuthority(join(folder, "pki"));
  const { options, running } = await startOnFreeAddress(folder, directory, authority).catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const admin = new Client({ url: running.ldapsUrl, tlsOptions: { ca: authority.caPem } });
  await admin.bind(`CN=Administrator,CN=Users,${running.baseDn}`, ADMIN_PASSWORD);
  const adminPasswordFile = join(folder, "admin-password");
  await writeFile(adminPasswordFile, ADMIN_PASSWORD, { mode: 0o600 });
  return {
    running,
    adminPasswordFile,
    baseDn: running.baseDn,
    options,
    authority,
    admin,
    logFile: options.logFile,
    connection: (changes) => ({
      domain: REALM,
      netbiosName: "CORP",
      domainControllers: [running.ldapsUrl],
      bindUser: `Administrator@${REALM}`,
      bindPassword: ADMIN_PASSWORD,
      caCertificates: authority.caPem,
      ...changes,
    }),
    unit: async () => {
      const name = `OU=Test ${randomUUID().slice(0, 8)},${running.baseDn}`;
      await admin.add(name, { objectClass: "organizationalUnit" });
      return name;
    },
    stop: async () => {
      await admin.unbind();
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Other domains may start at the same time, so an address counts as free when the controller could listen on it. */
async function startOnFreeAddress(folder: string, directory: string, authority: CertificateAuthority) {
  for (let attempt = 1; ; attempt += 1) {
    const address = `127.${randomInt(100, 250)}.${randomInt(1, 250)}.10`;
    const files = await authority.ensureCertificateFiles(join(folder, "tls"), `dc-${address}`, {
      dnsNames: [`dc1.${REALM}`],
      ipAddresses: [address],
    });
    const tls = { ...files, caFile: authority.caFile };
    const options = { ...identity, directory, address, tls, logFile: join(folder, "samba.log") };
    try {
      return { options, running: await startDirectory(options) };
    } catch (error) {
      if (attempt === 5 || !/cannot be listened on/.test(String(error))) throw error;
    }
  }
}

const identity = { realm: REALM, netbiosName: "CORP", hostName: "dc1", adminPassword: ADMIN_PASSWORD };

/** A database as provisioning leaves it. */
function provisionedTemplate(): Promise<string> {
  return keptTemplate({
    name: "test-domain",
    // The certificate is only named in the configuration here; starting the controller writes another one.
    make: (folder) =>
      provisionDirectory({
        ...identity,
        directory: folder,
        address: "127.0.0.1",
        tls: { certFile: "unused", keyFile: "unused", caFile: "unused" },
        logFile: join(folder, "log"),
      }),
  });
}
