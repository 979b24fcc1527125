import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pwsh, pwshOptions, withoutPowerShell } from "../../support/powershell.ts";
import allowed from "./windowsPowerShell51.json" with { type: "json" };

const folder = new URL("../../../scripts/windows/", import.meta.url).pathname;
const scripts = readdirSync(folder).filter((name) => name.endsWith(".ps1"));
const walker = new URL("./walk.ps1", import.meta.url).pathname;

interface Walk {
  errors: string[];
  newSyntax: string[];
  functions: string[];
  commands: string[];
  options: string[];
  members: string[];
  verbs: string[];
  synopsis: string;
  examples: number;
}

/** The trees of several scripts, by path; one start of PowerShell for all. */
function walk(paths: string[]): Record<string, Walk> {
  if (pwsh === undefined) throw new Error(withoutPowerShell);
  const result = spawnSync(pwsh, [...pwshOptions, "-File", walker, ...paths], { encoding: "utf8" });
  if (result.status !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Record<string, Walk>;
}

/** What a script uses that Windows PowerShell 5.1 does not have, or that nobody has looked up yet. */
function strangers({ functions, commands, options, members }: Walk): string[] {
  const known = allowed.commands as Record<string, string[]>;
  return [
    ...commands.filter((name) => !functions.includes(name) && known[name] === undefined),
    ...options.filter((option) => {
      const [name = "", parameter = ""] = option.split(" -");
      return !functions.includes(name) && known[name] !== undefined && !known[name].includes(parameter);
    }),
    ...members.filter((member) => !allowed.members.includes(member)),
  ];
}

describe("text", () => {
  test.each(scripts)(
    "%s is ASCII: Windows PowerShell 5.1 reads a file without byte order mark in the machine's code page",
    (name) => {
      expect(readFileSync(join(folder, name), "latin1")).not.toMatch(/[^\t\n\x20-\x7e]/);
    },
  );

  test.each(scripts)("%s builds no code from text, except the loader", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    if (name !== "loader.ps1") expect(text).not.toMatch(/Invoke-Expression|\biex\b|\[scriptblock\]::Create/i);
  });
});

describe("syntax tree", () => {
  if (pwsh === undefined) test.skip(withoutPowerShell, () => undefined);
  const run = test.runIf(pwsh !== undefined);

  let trees: Record<string, Walk> = {};
  let temporary: string;
  let modern: string;
  beforeAll(() => {
    temporary = mkdtempSync(join(tmpdir(), "mfakit-syntax-"));
    modern = join(temporary, "modern.ps1");
    writeFileSync(modern, modernScript);
    if (pwsh !== undefined) trees = walk([...scripts.map((name) => join(folder, name)), modern]);
  });
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));
  const tree = (name: string) => trees[join(folder, name)] as Walk;

  run.each(scripts)("%s parses, with the syntax of 5.1 alone", (name) => {
    expect(tree(name).errors).toEqual([]);
    expect(tree(name).newSyntax).toEqual([]);
  });

  run.each(scripts)("%s uses only cmdlets, parameters and static members that 5.1 and .NET 4.6 have", (name) => {
    expect(strangers(tree(name))).toEqual([]);
  });

  run.each(scripts)("%s names its functions by approved verbs and explains itself with an example", (name) => {
    expect(tree(name).verbs).toEqual([]);
    if (name === "loader.ps1") return;
    expect(tree(name).synopsis).not.toBe("");
    expect(tree(name).examples).toBeGreaterThan(0);
  });

  run("the check finds what it looks for", () => {
    const found = trees[modern] as Walk;
    expect(found.newSyntax).toEqual([
      "ternary operator (line 1)",
      "?? (line 2)",
      "??= (line 3)",
      "&& or || (line 4)",
      "?. (line 5)",
    ]);
    expect(strangers(found)).toEqual(
      expect.arrayContaining(["Get-Uptime", "ConvertFrom-Json -AsHashtable", "[Convert]::ToHexString"]),
    );
  });
});

const modernScript = [
  "$a = $true ? 1 : 2",
  "$b = $a ?? 3",
  "$b ??= 4",
  "Get-Item x && Get-Item y",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how PowerShell delimits a variable's name
  "${a}?.Length",
  "'{}' | ConvertFrom-Json -AsHashtable",
  "[Convert]::ToHexString($a)",
  "Get-Uptime",
].join("\n");
