import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../runProgram.ts";

const sources = join(import.meta.dirname, "..", "aspnet");

/** What is compiled: the folder of the sources below `aspnet/`, and the assembly's file name. */
const assemblies = {
  AspHost: "AspHost.exe",
  MultiFactorAuthWebServiceSdk: "PfWsSdk.dll",
  MultiFactorAuthMobileAppWebService: "PfPaWs.dll",
} as const;

/** Sources of the web applications, which the product ships compiled. */
export type CompiledFolder = keyof typeof assemblies;

export function isCompiledFolder(folder: string): folder is CompiledFolder {
  return folder in assemblies;
}

/** Compiles the C# files of a folder once per content; answers the path of the assembly. */
export async function compile(folder: CompiledFolder, cacheDirectory: string): Promise<string> {
  const fileName = assemblies[folder];
  const files = readdirSync(join(sources, folder))
    .filter((file) => file.endsWith(".cs"))
    .map((file) => join(sources, folder, file));
  const key = createHash("sha256");
  for (const file of files) key.update(readFileSync(file));
  const made = join(cacheDirectory, `${folder}-${key.digest("hex").slice(0, 16)}`);
  const assembly = join(made, fileName);
  if (existsSync(assembly)) return assembly;
  mkdirSync(cacheDirectory, { recursive: true });
  // In a folder of its own first, because two hosts may compile at the same time; the file's name is the assembly's name.
  const making = mkdtempSync(`${made}.`);
  try {
    await runCompiler(join(making, fileName), files);
    renameSync(making, made);
  } catch (error) {
    if (!existsSync(assembly)) throw error;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return assembly;
}

async function runCompiler(output: string, files: string[]): Promise<void> {
  const references = ["System.Web", "System.Web.Services", "System.Configuration"].map((name) => `-r:${name}.dll`);
  const kind = output.endsWith(".dll") ? ["-target:library"] : [];
  const compiled = await runProgram("mcs", ["-nologo", ...kind, ...references, `-out:${output}`, ...files]);
  if (compiled.exitCode !== 0) throw new Error(`mcs cannot compile ${output}: ${compiled.stdout}${compiled.stderr}`);
}
