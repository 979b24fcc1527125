import { z } from "zod";

/** The simulated host's options; the file that holds them has mode 0600. */
export const hostOptions = z.strictObject({
  /** Everything the host keeps: state, drive C:, keys, logs of its programs. */
  stateDirectory: z.string(),
  /** The loopback address of the host's network card. */
  address: z.string(),
  /** Port of the SSH server when the bootstrap script names none. */
  sshPort: z.int().min(1).max(65535).default(22),
  /** What bindings of port 443 listen on; another number only where ports below 1024 are not allowed. */
  httpsPort: z.int().min(1).max(65535).default(443),
  /** Path of the control API's unix socket. */
  controlSocket: z.string(),
  /** The operating system's user as whom OpenSSH lets the kit in; default: the user that runs this process. */
  authorizedUser: z.string().optional(),
  dns: z.strictObject({
    /** `address` or `address:port` of the server that answers for public names. */
    server: z.string(),
  }),
  directory: z.strictObject({
    /** DNS name of the domain that the host may join. */
    domain: z.string(),
    netbiosName: z.string(),
    ldapsUrl: z.string().startsWith("ldaps://"),
    baseDn: z.string(),
    /** PEM file of the CA that issued the domain controller's certificate. */
    caFile: z.string(),
    address: z.string(),
    /** DNS name of the domain controller. */
    fqdn: z.string(),
  }),
  /** PEM file of the root certificates that this Windows trusts; read anew whenever a worker process starts. */
  trustedRootsFile: z.string(),
  /**
   * The PowerShell 7 that runs the agent script: a path, or `false` for the built-in answers. Default: the one named by MFAKIT_PWSH or
   * on PATH, else the built-in answers.
   */
  powershell: z.union([z.string(), z.literal(false)]).optional(),
  /** Where compiled programs are kept between runs; default: a folder of the state directory. */
  cacheDirectory: z.string().optional(),
});

export type HostOptions = z.infer<typeof hostOptions>;
/** As a caller writes them: what has a default may be left out. */
export type HostOptionsInput = z.input<typeof hostOptions>;
