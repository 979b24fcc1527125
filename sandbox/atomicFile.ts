import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

let counter = 0;

/** Writes through a temporary name in the same folder: a reader sees the old file or the new one, never half of one. */
export async function writeFileAtomically(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  counter += 1;
  const temporary = `${path}.${process.pid}-${counter}.new`;
  await writeFile(temporary, data, { mode });
  await rename(temporary, path);
}
