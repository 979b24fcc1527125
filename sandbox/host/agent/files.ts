import { createHash, randomUUID } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import type { Params, Result } from "../../../provider/dsc/protocol.ts";
import type { Machine } from "../machine.ts";
import { WindowsError } from "../windowsError.ts";
import { AgentFailure } from "./failure.ts";

export function readHostFile(machine: Machine, { path, maxBytes }: Params<"file.read">): Result<"file.read"> {
  const real = realPath(machine, path, "FILE_READ_FAILED");
  if (!existsSync(real) || !statSync(real).isFile()) return { exists: false };
  const { size } = statSync(real);
  if (maxBytes !== undefined && size > maxBytes) {
    throw new AgentFailure("FILE_TOO_LARGE", `'${path}' has ${size} bytes, more than ${maxBytes}`);
  }
  const content = readFileSync(real);
  return { exists: true, contentBase64: content.toString("base64"), sha256: sha256(content) };
}

/** Old content or new, never a mix; refused when the present file is not the one that the caller read. */
export function writeHostFile(machine: Machine, params: Params<"file.write">): Result<"file.write"> {
  const { path, expectedSha256 } = params;
  const real = realPath(machine, path, "FILE_WRITE_FAILED");
  const present = existsSync(real) ? sha256(readFileSync(real)) : null;
  if (present !== expectedSha256) {
    throw new AgentFailure("FILE_CHANGED", `'${path}' is not the file that was read: somebody changed it in between`);
  }
  const content = Buffer.from(params.contentBase64, "base64");
  const temporary = `${real}.${randomUUID().replaceAll("-", "")}.mfakit.tmp`;
  const backup = `.${timestamp()}.backup.config`;
  try {
    const mode = present === null ? 0o600 : statSync(real).mode & 0o777;
    const descriptor = openSync(temporary, "wx", mode);
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
    closeSync(descriptor);
    if (present !== null && params.backup) copyFileSync(real, `${real}${backup}`);
    renameSync(temporary, real);
  } catch (error) {
    if (existsSync(temporary)) unlinkSync(temporary);
    throw new AgentFailure("FILE_WRITE_FAILED", `'${path}' could not be written`, { hresult: hresultOf(error) });
  }
  return { sha256: sha256(content), ...(present !== null && params.backup ? { backupPath: `${path}${backup}` } : {}) };
}

function realPath(machine: Machine, path: string, code: "FILE_READ_FAILED" | "FILE_WRITE_FAILED"): string {
  try {
    return machine.drive.real(path);
  } catch (error) {
    if (error instanceof WindowsError) throw new AgentFailure(code, error.message, { hresult: error.hresult });
    throw error;
  }
}

/** ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED and ERROR_DISK_FULL as HRESULTs; otherwise unknown. */
function hresultOf(error: unknown): number | undefined {
  const known: Record<string, number> = {
    ENOENT: 0x80070003,
    EACCES: 0x80070005,
    EROFS: 0x80070005,
    ENOSPC: 0x80070070,
  };
  const code = known[(error as NodeJS.ErrnoException).code ?? ""];
  return code === undefined ? undefined : code | 0;
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function timestamp(): string {
  return new Date().toISOString().replace(/[^0-9]/g, "");
}
