import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder, writeInOneStep } from "./cache.js";
import { findCommand, output, run } from "./commands.js";
import { downloadFile, downloadText } from "./download.js";
import { buildFromGoModules } from "./goModules.js";
import { cacheDirectory, engineDirectory } from "./locations.js";
import { builtLanguageHost, builtLanguageHostShim, shims } from "./shims.js";
import { engineVersion, languageHostVersion } from "./versions.js";

const folder = dirname(engineDirectory());
const release = `https://github.com/pulumi/pulumi/releases/download/v${engineVersion}`;

/** @type {import("./plan.js").Step} */
export const engine = {
  name: "Pulumi engine",
  after: ["machine"],
  lock: join(cacheDirectory(), `engine-v${engineVersion}.lock`),
  isDone: () => isInstalled() && shimsAreCurrent(),
  async work(tools) {
    if (!isInstalled()) await makeFolder(folder, (draft) => fill(draft, tools));
    for (const [name, text] of Object.entries(shims)) await writeInOneStep(join(engineDirectory(), name), text, 0o755);
  },
};

/** From the nearest place that has it: this machine, the official release, the Go modules. */
async function fill(draft, tools) {
  const bin = join(draft, "bin");
  await mkdir(bin);
  const own = ownEngine();
  if (own !== undefined) {
    tools.report(`taking ${own}`);
    await linkOwn(dirname(own), bin);
    await writeFile(join(draft, "source.json"), JSON.stringify({ program: own, ...identity(own) }));
    return;
  }
  try {
    await download(draft, bin, tools);
  } catch (error) {
    tools.report(`no download (${cause(error)}); building it from Go modules takes some minutes`);
    await build(draft, bin, tools);
  }
  await writeFile(join(draft, "source.json"), "{}");
}

/** The `pulumi` on PATH, when it is of the right version. A newer patch of the same minor version will do. */
function ownEngine() {
  const found = findCommand("pulumi");
  if (found === undefined || found.startsWith(cacheDirectory())) return undefined;
  const program = realpathSync(found);
  if (!existsSync(join(dirname(program), "pulumi-language-nodejs"))) return undefined;
  const version = output(program, ["version"]) ?? "";
  return version.startsWith(`v${engineVersion.replace(/\d+$/, "")}`) ? program : undefined;
}

/** Links the machine's engine and what lies beside it, for the language host must be of the same version. */
async function linkOwn(from, bin) {
  for (const name of readdirSync(from)) {
    if (/^pulumi(?:$|-)/.test(name) && !(name in shims)) await symlink(join(from, name), join(bin, name));
  }
}

async function download(draft, bin, { report, log }) {
  const archive = archiveName();
  report(`downloading ${archive}`);
  // Two hosts: who changes the archive on one cannot change the checksum on the other.
  const checksums = await downloadText(`${release}/pulumi-${engineVersion}-checksums.txt`);
  const sha256 = checksums
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([, name]) => name === archive)?.[0];
  if (sha256 === undefined) throw new Error(`the release names no ${archive}`);
  const file = join(draft, archive);
  await downloadFile(`https://get.pulumi.com/releases/sdk/${archive}`, file, sha256, (bytes) =>
    report(`downloading ${archive}: ${Math.round(bytes / 1e6)} MB`),
  );
  report("unpacking");
  await run("tar", ["-xzf", file, "-C", draft], { log, next: "Run the set-up again." });
  await rm(bin, { recursive: true });
  await rename(join(draft, "pulumi"), bin);
  await rm(file);
}

function archiveName() {
  const system = { linux: "linux", darwin: "darwin" }[process.platform] ?? process.platform;
  return `pulumi-v${engineVersion}-${system}-${process.arch}.tar.gz`;
}

async function build(draft, bin, tools) {
  await buildFromGoModules(
    {
      module: join(draft, "engine"),
      requires: [
        `github.com/pulumi/pulumi/pkg/v3 v${engineVersion}`,
        `github.com/pulumi/pulumi/sdk/v3 v${engineVersion}`,
      ],
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      output: join(bin, "pulumi"),
      linkerFlags: `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${engineVersion}`,
    },
    { ...tools, report: (text) => tools.report(`engine: ${text}`) },
  );
  await buildFromGoModules(
    {
      module: join(draft, "language-host"),
      requires: [`github.com/pulumi/pulumi/sdk/v3 v${languageHostVersion}`],
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
      output: join(bin, builtLanguageHost),
    },
    { ...tools, report: (text) => tools.report(`language host: ${text}`) },
  );
  await writeFile(join(bin, "pulumi-language-nodejs"), builtLanguageHostShim);
  for (const program of ["pulumi", "pulumi-language-nodejs", builtLanguageHost]) chmodSync(join(bin, program), 0o755);
}

/** True when the folder is full and, where it links to the machine's own engine, that is still the same program. */
function isInstalled() {
  const bin = engineDirectory();
  if (!["pulumi", "pulumi-language-nodejs"].every((program) => existsSync(join(bin, program)))) return false;
  try {
    const { program, size, changed } = JSON.parse(readFileSync(join(folder, "source.json"), "utf8"));
    if (program === undefined) return true;
    const now = identity(program);
    return now.size === size && now.changed === changed;
  } catch {
    return false;
  }
}

function identity(program) {
  const { size, mtimeMs } = statSync(program);
  return { size, changed: mtimeMs };
}

function shimsAreCurrent() {
  return Object.entries(shims).every(([name, text]) => {
    const path = join(engineDirectory(), name);
    return existsSync(path) && lstatSync(path).isFile() && readFileSync(path, "utf8") === text;
  });
}

/** Why a download failed, in a few words. */
function cause(error) {
  if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer";
  return error.cause?.code ?? error.cause?.message ?? error.message;
}
