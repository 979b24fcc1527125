import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import ssh2, { type ServerChannel } from "ssh2";
import type { HostConnection } from "../../provider/configuration.ts";
import { ed25519KeyPair } from "./sshKey.ts";

/** An SSH server inside the test, on a free loopback port, with a host key and one authorised key of its own. */
export interface TestSshServer {
  /** How the kit reaches it. */
  readonly connection: HostConnection;
  /** To start it again as the same host. */
  readonly keys: TestKeys;
  /** SSH connections that were authenticated so far. */
  readonly accepted: () => number;
  /** Programs that were started so far, by their command line. */
  readonly commands: string[];
  /** Cuts every connection, as a network or a restart does. */
  cut(): void;
  close(): Promise<void>;
}

/** What runs behind an exec request: it owns the channel. */
export type TestProgram = (channel: ServerChannel, commandLine: string) => void;

export async function startSshServer(
  program: TestProgram,
  options: { port?: number; keys?: TestKeys } = {},
): Promise<TestSshServer> {
  const keys = options.keys ?? testKeys();
  const authorised = parse(keys.client.public).getPublicSSH();
  const clients = new Set<ssh2.Connection>();
  const commands: string[] = [];
  let accepted = 0;
  const server = new ssh2.Server({ hostKeys: [keys.host.private] }, (client) => {
    clients.add(client);
    // As OpenSSH does: an answer of two packets would wait for a delayed acknowledgement.
    socketOf(client).setNoDelay(true);
    client.on("close", () => clients.delete(client));
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      if (context.method !== "publickey" || !context.key.data.equals(authorised)) return context.reject(["publickey"]);
      if (context.signature === undefined) return context.accept();
      const valid =
        parse(keys.client.public).verify(context.blob as Buffer, context.signature, context.hashAlgo) === true;
      return valid ? context.accept() : context.reject();
    });
    client.on("ready", () => {
      accepted++;
      client.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, info) => {
          commands.push(info.command);
          const channel = acceptExec();
          channel.on("error", () => undefined);
          program(channel, info.command);
        });
      });
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const client of clients) socketOf(client).destroy();
  };
  return {
    connection: {
      address: "127.0.0.1",
      port,
      user: "mfaadmin",
      hostKey: keys.host.public,
      privateKey: keys.client.private,
    },
    keys,
    accepted: () => accepted,
    commands,
    cut,
    close: async () => {
      cut();
      server.close();
      if (clients.size > 0) await once(server, "close");
    },
  };
}

/** ssh2 has no public way to a connection's socket. */
function socketOf(client: ssh2.Connection): Socket {
  return (client as unknown as { _sock: Socket })._sock;
}

export interface TestKeys {
  host: { private: string; public: string };
  client: { private: string; public: string };
}

export function testKeys(): TestKeys {
  return { host: ed25519KeyPair(), client: ed25519KeyPair() };
}

function parse(key: string): ssh2.ParsedKey {
  const parsed = ssh2.utils.parseKey(key);
  if (parsed instanceof Error) throw parsed;
  return parsed;
}
