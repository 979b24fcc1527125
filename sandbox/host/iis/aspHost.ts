import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../runProgram.ts";

const source = join(import.meta.dirname, "..", "aspnet", "AspHost", "AspHost.cs");

/** Compiles AspHost.cs once per content of the source; answers the folder that holds AspHost.exe. */
export async function compileAspHost(cacheDirectory: string): Promise<string> {
  const key = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 16);
  const folder = join(cacheDirectory, `asp-host-${key}`);
  if (existsSync(join(folder, "AspHost.exe"))) return folder;
  mkdirSync(cacheDirectory, { recursive: true });
  // In a folder of its own first, because two hosts may compile at the same time; the file's name is the assembly's name.
  const making = mkdtempSync(`${folder}.`);
  try {
    const compiled = await runProgram("mcs", [
      "-nologo",
      "-r:System.Web.dll",
      `-out:${join(making, "AspHost.exe")}`,
      source,
    ]);
    if (compiled.exitCode !== 0) throw new Error(`mcs cannot compile AspHost.cs: ${compiled.stdout}${compiled.stderr}`);
    renameSync(making, folder);
  } catch (error) {
    if (!existsSync(join(folder, "AspHost.exe"))) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return folder;
}
