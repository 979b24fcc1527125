import { randomBytes, randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DirectoryConnection } from "../../provider/configuration.ts";
import { type DomainControllerOptions, provisionDirectory, startDirectory } from "../../sandbox/directory/index.ts";
import { populateDirectory } from "../../sandbox/directory/populate.ts";
import { writeSmbConf } from "../../sandbox/directory/smbConf.ts";
import { openCertificateAuthority } from "../../sandbox/pki/index.ts";

const REALM = "corp.contoso.com";

/** A domain controller with many people, for one measurement. */
export interface BenchDomain {
  baseDn: string;
  connection: DirectoryConnection;
  /** For OpenLDAP's tools. */
  caFile: string;
  passwordFile: string;
  stop(): Promise<void>;
}

export async function startBenchDomain(people: number): Promise<BenchDomain> {
  const folder = await mkdtemp(join(tmpdir(), "mfakit-bench-directory-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const authority = await openCertificateAuthority(join(folder, "pki"));
    const address = `127.${randomInt(100, 250)}.${randomInt(1, 250)}.10`;
    const files = await authority.ensureCertificateFiles(join(folder, "tls"), "dc", {
      dnsNames: [`dc1.${REALM}`],
      ipAddresses: [address],
    });
    const adminPassword = `Aa1-${randomBytes(12).toString("hex")}`;
    const options: DomainControllerOptions = {
      directory: join(folder, "dc"),
      realm: REALM,
      netbiosName: "CORP",
      address,
      tls: { ...files, caFile: authority.caFile },
      adminPassword,
      logFile: join(folder, "samba.log"),
    };
    await provisionDirectory(options);
    await populateDirectory(await writeSmbConf(options), people);
    const running = await startDirectory(options);
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, adminPassword, { mode: 0o600 });
    return {
      baseDn: running.baseDn,
      connection: {
        domain: REALM,
        netbiosName: "CORP",
        domainControllers: [running.ldapsUrl],
        bindUser: `Administrator@${REALM}`,
        bindPassword: adminPassword,
        caCertificates: authority.caPem,
      },
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
