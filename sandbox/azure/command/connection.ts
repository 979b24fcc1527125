import { setTimeout as delay } from "node:timers/promises";
import ssh2, { type Client, type ConnectConfig } from "ssh2";
import { z } from "zod";
import type { Tools } from "./types.ts";

/** The command provider's `connection` input, with its own defaults. */
const connectionSchema = z.strictObject({
  host: z.string(),
  port: z.number().default(22),
  user: z.string().default("root"),
  password: z.string().optional(),
  privateKey: z.string().optional(),
  privateKeyPassword: z.string().optional(),
  agentSocketPath: z.string().optional(),
  hostKey: z.string().optional(),
  /** Attempts; -1 for no limit. */
  dialErrorLimit: z.number().default(10),
  /** Seconds; 0 for no limit. */
  perDialTimeout: z.number().default(15),
});

/** The provider waits longer between attempts; this one waits a second. */
const pauseBetweenDials = 1000;

/** Opens an SSH connection, trying again as often as the connection's `dialErrorLimit` says. The caller ends it. */
export async function dial(connection: unknown, tools: Tools): Promise<Client> {
  const parsed = connectionSchema.safeParse(connection);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join(".") || issue.message).join(", ");
    throw new Error(`the connection has a value that the sandbox does not support: ${names}`);
  }
  const { dialErrorLimit, ...settings } = parsed.data;
  for (let attempt = 1; ; attempt++) {
    tools.signal.throwIfAborted();
    try {
      return await connectOnce(settings);
    } catch (error) {
      if (dialErrorLimit >= 0 && attempt > dialErrorLimit) {
        throw new Error(`after ${attempt} failed attempts: ${(error as Error).message}`, { cause: error });
      }
      tools.log(`Dial ${attempt}/${dialErrorLimit === -1 ? "inf" : dialErrorLimit} failed: retrying`);
      await delay(pauseBetweenDials, undefined, { signal: tools.signal });
    }
  }
}

function connectOnce(settings: Omit<z.output<typeof connectionSchema>, "dialErrorLimit">): Promise<Client> {
  const client = new ssh2.Client();
  const { host, port, user, password, privateKey, privateKeyPassword, agentSocketPath, hostKey, perDialTimeout } =
    settings;
  const config: ConnectConfig = {
    host,
    port,
    username: user,
    readyTimeout: perDialTimeout * 1000,
    ...(privateKey === undefined ? { password } : { privateKey, passphrase: privateKeyPassword }),
    agent: agentSocketPath,
    ...pinned(hostKey),
  };
  return new Promise((resolve, reject) => {
    client.once("ready", () => {
      client.setNoDelay(true);
      // From now on a broken connection shows as the end of the running channel.
      client.on("error", () => undefined);
      resolve(client);
    });
    client.once("error", reject);
    client.connect(config);
  });
}

/** Only the given key and its algorithm are accepted; without one the key is not checked, as in the provider. */
function pinned(hostKey: string | undefined): Pick<ConnectConfig, "hostVerifier" | "algorithms"> {
  if (hostKey === undefined) return {};
  const key = ssh2.utils.parseKey(hostKey);
  if (key instanceof Error) throw new Error(`connection.hostKey is not an OpenSSH public key: ${key.message}`);
  const [one] = Array.isArray(key) ? key : [key];
  const wanted = one?.getPublicSSH();
  return {
    algorithms: { serverHostKey: [one?.type as "ssh-ed25519"] },
    hostVerifier: (offered: Buffer) => wanted?.equals(offered) ?? false,
  };
}
