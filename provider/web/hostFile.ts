import type { HostSession } from "../connections/host.ts";
import { ConnectionLost, HostError } from "../connections/hostErrors.ts";
import { UserError } from "../engine/userError.ts";
import { splice } from "./edit.ts";
import { type DecodedText, decodeXml } from "./encoding.ts";
import { type ConfigDocument, isEncrypted, parseConfig } from "./settings.ts";

/** How the calls on one file are made. */
export interface FileCalls {
  host: HostSession;
  signal: AbortSignal;
  progress: (message: string) => void;
}

/** A web.config as it is on the host, and as it reads when appSettings are decrypted. */
export interface HostFile {
  sha256: string;
  encrypted: boolean;
  /** As it lies on the disk. */
  stored: ConfigDocument;
  /** With appSettings in plain text. */
  plain: ConfigDocument;
  encode: DecodedText["encode"];
}

const largestBytes = 5 * 1024 * 1024;

/** Reads and parses a web.config; undefined when there is no such file. */
export async function readHostFile(
  path: string,
  calls: FileCalls,
  waitSeconds?: number,
): Promise<HostFile | undefined> {
  const read = await ask(
    calls.host.request("file.read", { path, maxBytes: largestBytes }, { ...calls, waitSeconds }),
    path,
  );
  if (!read.exists || read.contentBase64 === undefined || read.sha256 === undefined) return undefined;
  const { text, encode } = decodeXml(Buffer.from(read.contentBase64, "base64"), path);
  const stored = parseConfig(text, path);
  const encrypted = isEncrypted(stored);
  const plain = encrypted ? await decrypted(stored, calls) : stored;
  return { sha256: read.sha256, encrypted, stored, plain, encode };
}

/**
 * Puts `text` into the place of what was read, if nobody changed the file since; the old one stays beside it.
 * @returns The new hash; undefined when the file is not what was read, or when it is not known whether it was written: read again.
 */
export async function replaceHostFile(file: HostFile, text: string, calls: FileCalls): Promise<string | undefined> {
  const params = {
    path: file.stored.path,
    contentBase64: file.encode(text).toString("base64"),
    expectedSha256: file.sha256,
    backup: true,
  };
  try {
    return (await ask(calls.host.request("file.write", params, calls), file.stored.path)).sha256;
  } catch (error) {
    if (error instanceof ConnectionLost) return undefined;
    if (error instanceof HostError && error.code === "FILE_CHANGED") return undefined;
    throw error;
  }
}

/** The whole text with its plain appSettings encrypted on the host. */
export async function encryptedText(plainText: string, path: string, calls: FileCalls): Promise<string> {
  const document = parseConfig(plainText, path);
  const section = document.appSettings;
  if (section === undefined) return plainText;
  const xml = plainText.slice(section.start, section.end);
  const answer = await ask(calls.host.request("webconfig.encrypt", { section: "appSettings", xml }, calls), path);
  return splice(plainText, section, answer.xml);
}

async function decrypted(stored: ConfigDocument, calls: FileCalls): Promise<ConfigDocument> {
  const section = stored.appSettings;
  if (section === undefined) return stored;
  const xml = stored.text.slice(section.start, section.end);
  const answer = await ask(
    calls.host.request("webconfig.decrypt", { section: "appSettings", xml }, calls),
    stored.path,
  );
  return parseConfig(splice(stored.text, section, answer.xml), stored.path);
}

/** The answer, with what a person can mend said to the person. */
async function ask<T>(answer: Promise<T>, path: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ConnectionLost) throw error.about(`${path} on the host`);
    if (!(error instanceof HostError)) throw error;
    const advice = advices[error.code];
    if (advice === undefined) throw error;
    throw new UserError(
      `CONFIG_${error.code}`,
      { what: `${path} on the host`, why: error.message, next: advice },
      { cause: error },
    );
  }
}

const advices: Partial<Record<HostError["code"], string>> = {
  FILE_TOO_LARGE: "Configuration files are small; check the path.",
  FILE_READ_FAILED: "Check the file's permissions, and whether a program keeps it open.",
  FILE_WRITE_FAILED: "Check whether the file is read-only or open in a program, and whether the disk is full.",
  PROTECTION_FAILED:
    "The section was probably encrypted on another machine: put its plain text there, or restore a backup.",
};
