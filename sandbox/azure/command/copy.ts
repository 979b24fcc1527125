import { readFileSync, statSync } from "node:fs";
import type { SFTPWrapper } from "ssh2";
import { Asset, type Properties } from "../../../provider/engine/values.ts";
import { dial } from "./connection.ts";
import type { Tools } from "./types.ts";

/** Copies one file by SFTP. Archives (folders) are not simulated and are refused. */
export async function copyToRemote(inputs: Record<string, unknown>, tools: Tools): Promise<Properties> {
  const content = contentOf(inputs.source);
  const remotePath = String(inputs.remotePath);
  const client = await dial(inputs.connection, tools);
  try {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
    });
    await new Promise<void>((resolve, reject) => {
      sftp.writeFile(remotePath, content, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    client.end();
  }
  return {};
}

function contentOf(source: unknown): Buffer {
  if (source instanceof Asset) {
    const { text, path } = source.source;
    if (text !== undefined) return Buffer.from(text);
    if (path !== undefined && statSync(path).isFile()) return readFileSync(path);
  }
  throw new Error("the sandbox copies text and file assets only, no archives and no remote assets");
}
