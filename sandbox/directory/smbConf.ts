import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DomainControllerOptions } from "./options.ts";

/** Where provisioning puts the database, below the controller's folder. */
export function databaseFolder(directory: string): string {
  return join(directory, "database");
}

/**
 * Writes the configuration anew, so that the folder may be moved or copied, and answers its path.
 *
 * A replaced password is refused at once: Samba would accept it for an hour, so that a wrong one in a file would go unnoticed.
 * Without TLS a bind must be signed, as a hardened Windows domain wants it: a simple bind on port 389 is refused.
 * Each bind, refused or not, is one line of the log (auth_audit), so that attempts can be counted.
 *
 * Only the LDAP service runs: no file server, Kerberos, DNS or winbind process. The interface needs the `/8`: Samba looks for a
 * local interface that covers the network and finds none for a `/32`.
 */
export async function writeSmbConf(options: DomainControllerOptions): Promise<string> {
  const database = databaseFolder(options.directory);
  const path = join(options.directory, "smb.conf");
  await writeFile(
    path,
    `[global]
	netbios name = ${(options.hostName ?? "dc1").toUpperCase()}
	realm = ${options.realm.toUpperCase()}
	workgroup = ${options.netbiosName}
	server role = active directory domain controller
	server services = ldap
	interfaces = ${options.address}/8
	bind interfaces only = yes
	private dir = ${join(database, "private")}
	state directory = ${join(database, "state")}
	lock directory = ${database}
	cache directory = ${join(database, "cache")}
	binddns dir = ${join(database, "bind-dns")}
	pid directory = ${database}
	ncalrpc dir = ${join(database, "ncalrpc")}
	old password allowed period = 0
	ldap server require strong auth = yes
	tls enabled = yes
	tls certfile = ${options.tls.certFile}
	tls keyfile = ${options.tls.keyFile}
	tls cafile = ${options.tls.caFile}
	log level = 1 auth_audit:3
`,
    { mode: 0o600 },
  );
  return path;
}
