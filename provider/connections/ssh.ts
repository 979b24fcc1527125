import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import ssh2, { type ClientChannel, type ConnectConfig } from "ssh2";
import type { HostConnection } from "../configuration.ts";
import { UserError } from "../engine/userError.ts";
import { HostUnreachable } from "./hostErrors.ts";

/** A program that runs on the host: its input, and its output line by line. */
export interface SshProgram {
  write(text: string): void;
  /** Lines of standard output; ends when the program does or the connection is lost. */
  readonly lines: AsyncIterable<string>;
  /** The end of what it wrote to standard error. */
  errorText(): string;
  /** Closes its input, then the channel. */
  close(): void;
}

/** One SSH connection. */
export interface SshConnection {
  run(commandLine: string): Promise<SshProgram>;
  close(): void;
}

/** The longest time for one attempt from TCP to the end of the SSH handshake. */
const attemptMilliseconds = 20_000;
const keepAliveMilliseconds = 15_000;

/**
 * Opens one SSH connection with key authentication. The host must present exactly the pinned key.
 * @throws UserError `SSH_HOST_KEY_MISMATCH`, `SSH_AUTHENTICATION_REFUSED`, `SSH_PRIVATE_KEY`, `SSH_HOST_KEY` (unreadable pin).
 * @throws HostUnreachable when nothing that speaks SSH answers.
 */
export async function openSsh(
  connection: HostConnection,
  options: { signal?: AbortSignal } = {},
): Promise<SshConnection> {
  options.signal?.throwIfAborted();
  const pinned = parsePinnedKey(connection.hostKey);
  assertPrivateKey(connection.privateKey);
  const client = new ssh2.Client();
  let presented: Buffer | undefined;
  const config: ConnectConfig = {
    host: connection.address,
    port: connection.port,
    username: connection.user,
    privateKey: connection.privateKey,
    authHandler: ["publickey"],
    algorithms: { serverHostKey: signatureAlgorithms(pinned.type) as never },
    hostVerifier: (key: Buffer) => {
      presented = key;
      return key.equals(pinned.key);
    },
    readyTimeout: attemptMilliseconds,
    keepaliveInterval: keepAliveMilliseconds,
    keepaliveCountMax: 4,
  };
  await new Promise<void>((resolve, reject) => {
    const abort = () => fail(options.signal?.reason);
    const fail = (error: unknown) => {
      options.signal?.removeEventListener("abort", abort);
      client.destroy();
      reject(error);
    };
    options.signal?.addEventListener("abort", abort, { once: true });
    client.once("ready", () => {
      options.signal?.removeEventListener("abort", abort);
      resolve();
    });
    client.once("error", (error) => fail(explain(error, connection, pinned.key, presented)));
    client.once("close", () => fail(new HostUnreachable("the connection was closed before the SSH handshake ended")));
    client.connect(config);
  });
  // Without it each small answer waits for a delayed acknowledgement, about 40 ms.
  client.setNoDelay(true);
  // A lost connection also ends every channel, and that is where it is handled.
  client.on("error", () => undefined);
  return {
    run: (commandLine) => run(client, commandLine),
    close: () => client.end(),
  };
}

function run(client: ssh2.Client, commandLine: string): Promise<SshProgram> {
  return new Promise((resolve, reject) => {
    client.exec(commandLine, (error, channel) => {
      if (error) reject(new HostUnreachable(`the host refused to start a program: ${error.message}`, { cause: error }));
      else resolve(program(channel));
    });
  });
}

function program(channel: ClientChannel): SshProgram {
  let errors = "";
  channel.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4096);
  });
  // Writing to a channel that has just been lost is not an error of its own: its lines end.
  channel.on("error", () => undefined);
  return {
    write: (text) => {
      if (channel.writable) channel.write(text);
    },
    lines: linesOf(channel),
    errorText: () => errors.trim(),
    close: () => {
      channel.end();
      channel.close();
    },
  };
}

/** Not node:readline: it also splits at U+2028, which JSON carries unescaped. A lost connection ends the lines like a proper end. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  stream.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of stream as AsyncIterable<string>) {
      if (!chunk.includes("\n")) {
        rest += chunk;
        continue;
      }
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) yield part.replace(/\r$/, "");
    }
  } catch {
    return;
  }
}

function parsePinnedKey(text: string): { type: string; key: Buffer } {
  const key = ssh2.utils.parseKey(text.trim());
  if (key instanceof Error) {
    throw new UserError("SSH_HOST_KEY", {
      what: "The pinned host key of the Windows host is not readable",
      why: key.message,
      next: "Give the public key as one line, `ssh-ed25519 AAAA...`.",
    });
  }
  return { type: key.type, key: key.getPublicSSH() };
}

function assertPrivateKey(text: string): void {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error || !key.isPrivateKey()) {
    throw new UserError("SSH_PRIVATE_KEY", {
      what: "The private key for the Windows host is not readable",
      why: key instanceof Error ? key.message : "it is a public key",
      next: "Give an OpenSSH private key in PEM form without a passphrase.",
    });
  }
}

/** An RSA key signs with SHA-2 under names of their own; every other type is named like its key. */
function signatureAlgorithms(keyType: string): string[] {
  return keyType === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [keyType];
}

function explain(
  error: Error & { level?: string },
  to: HostConnection,
  pinned: Buffer,
  presented: Buffer | undefined,
): Error {
  const where = `${to.address}:${to.port}`;
  if (presented !== undefined && !presented.equals(pinned)) {
    return new UserError(
      "SSH_HOST_KEY_MISMATCH",
      {
        what: `The host at ${where} is not the pinned one`,
        why: `it presented the key ${fingerprint(presented)}, pinned is ${fingerprint(pinned)}`,
        next: "Find out why before anything else: another machine may answer there. If the host was rebuilt with a new key, pin that one.",
      },
      { cause: error },
    );
  }
  if (/no matching host key format/i.test(error.message)) {
    return new UserError(
      "SSH_HOST_KEY_MISMATCH",
      {
        what: `The host at ${where} is not the pinned one`,
        why: `it has no key of the pinned type (${fingerprint(pinned)})`,
        next: "Pin a key that the host has, or give the host the pinned key.",
      },
      { cause: error },
    );
  }
  if (error.level === "client-authentication") {
    return new UserError(
      "SSH_AUTHENTICATION_REFUSED",
      {
        what: `The host at ${where} refuses the log-on of ${to.user}`,
        why: "the key is not authorised there, or the user does not exist",
        next: "Put the public half of the management key into administrators_authorized_keys on the host.",
      },
      { cause: error },
    );
  }
  return new HostUnreachable(error.message, { cause: error });
}

function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}
