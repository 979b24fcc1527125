/** One Samba Active Directory domain controller of a sandbox. */
export interface DomainControllerOptions {
  /** Folder of this controller: database, configuration, run-time files. Nothing is written elsewhere. */
  directory: string;
  /** DNS name of the domain, for example `corp.contoso.com`. */
  realm: string;
  /** For example `CORP`. */
  netbiosName: string;
  /** Host part of the controller's name. Default `dc1`. */
  hostName?: string;
  /** Loopback address to listen on, for example `127.20.1.10`. Samba's ports are fixed: 389, 636, 3268, 3269. */
  address: string;
  /** PEM files; the key must be readable by its owner alone, or Samba refuses to use TLS. */
  tls: { certFile: string; keyFile: string; caFile: string };
  /** Secret: the password that `Administrator` gets when the domain is provisioned. */
  adminPassword: string;
  /** Samba's own log and what it prints. */
  logFile: string;
}

/** `corp.contoso.com` to `DC=corp,DC=contoso,DC=com`. */
export function baseDnOf(realm: string): string {
  return realm
    .toLowerCase()
    .split(".")
    .map((label) => `DC=${label}`)
    .join(",");
}
