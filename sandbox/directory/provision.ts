import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DomainControllerOptions } from "./options.ts";
import { sambaTool } from "./sambaTool.ts";
import { databaseFolder, writeSmbConf } from "./smbConf.ts";

/**
 * Makes the domain's database (about ten seconds) unless it is there. An interrupted run begins again: the mark is written last.
 * Passwords do not expire and may be changed at any time, because the sandbox lives longer than 42 days and rotates often.
 */
export async function provisionDirectory(options: DomainControllerOptions): Promise<void> {
  const mark = join(options.directory, "provisioned");
  if (existsSync(mark)) return;
  const database = databaseFolder(options.directory);
  await rm(database, { recursive: true, force: true });
  await mkdir(database, { recursive: true, mode: 0o700 });
  // Without an empty template the system's own smb.conf would become one.
  const template = join(options.directory, "empty.conf");
  await writeFile(template, "");
  await sambaTool([
    "domain",
    "provision",
    `--configfile=${template}`,
    `--targetdir=${database}`,
    `--realm=${options.realm}`,
    `--domain=${options.netbiosName}`,
    "--server-role=dc",
    "--dns-backend=NONE",
    `--adminpass=${options.adminPassword}`,
    `--host-name=${options.hostName ?? "dc1"}`,
    `--host-ip=${options.address}`,
    "--option=interfaces=lo",
    "--option=bind interfaces only=yes",
  ]);
  const configuration = await writeSmbConf(options);
  await sambaTool([
    "domain",
    "passwordsettings",
    "set",
    `--configfile=${configuration}`,
    "--min-pwd-age=0",
    "--max-pwd-age=0",
  ]);
  await writeFile(mark, "");
}
