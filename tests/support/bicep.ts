/**
 * The Bicep compiler as a judge of ARM bodies: its types are generated from Azure's own API specifications, so it knows nothing of
 * the simulator. Found on PATH or named by MFAKIT_BICEP.
 */
import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Registry } from "../../sandbox/azure/arm/registry.ts";
import type { Fields } from "../../sandbox/azure/arm/shape.ts";
import { resourceTypes } from "../../sandbox/azure/types/index.ts";

/** Path of the compiler, or `undefined` where there is none. */
export function findBicep(): string | undefined {
  const named = process.env.MFAKIT_BICEP;
  const candidates = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "bicep"));
  return (named === undefined ? candidates : [named]).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface Verdict {
  /** `BCP037` and the like. */
  code: string;
  message: string;
  /** Id of the resource that it is about. */
  resource: string;
}

interface Body {
  id: string;
  name: string;
  type: string;
  [property: string]: unknown;
}

/**
 * What the compiler finds wrong with bodies as ARM's GET shows them. Each is compiled twice: what a client may write, where every
 * finding counts; and the whole body, where a property being read-only (BCP073) is what it should be.
 */
export async function judge(bicep: string, bodies: readonly Body[]): Promise<Verdict[]> {
  const registry = new Registry(resourceTypes);
  const distinct = [...new Map(bodies.map((body) => [body.id.toLowerCase(), body])).values()];
  const groups = distinct.filter((body) => body.type === "Microsoft.Resources/resourceGroups");
  const others = distinct.filter((body) => body.type !== "Microsoft.Resources/resourceGroups");
  const writable = (body: Body): Body => writablePart(body, registry);
  const [own, whole, ofGroups] = await Promise.all([
    compile(bicep, others.map(writable), registry, ""),
    compile(bicep, others, registry, ""),
    compile(bicep, groups.map(writable), registry, "targetScope = 'subscription'\n"),
  ]);
  return [...own, ...whole.filter(({ code }) => code !== "BCP073"), ...ofGroups];
}

async function compile(bicep: string, bodies: readonly Body[], registry: Registry, head: string): Promise<Verdict[]> {
  if (bodies.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), "mfakit-bicep-"));
  try {
    const file = join(folder, "bodies.bicep");
    const lines = head.split("\n").slice(0, -1);
    const owner: string[] = lines.map(() => "");
    for (const [i, body] of bodies.entries()) {
      const text = declaration(body, `r${i}`, registry).split("\n");
      lines.push(...text);
      owner.push(...text.map(() => body.id));
    }
    writeFileSync(file, `${lines.join("\n")}\n`);
    const output = await run(bicep, file);
    return [...output.matchAll(/\((\d+),\d+\) : (?:Warning|Error) (BCP\d+): (.*?)(?: \[https?:.*)?$/gm)].map(
      ([, line, code, message]) => ({
        code: code as string,
        message: message as string,
        resource: owner[Number(line) - 1] ?? "",
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The compiler prints findings on standard error and may still succeed. */
function run(bicep: string, file: string): Promise<string> {
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
  return new Promise((resolve) => {
    execFile(bicep, ["build", "--stdout", file], { env, maxBuffer: 64 * 1024 * 1024 }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
  });
}

function declaration(body: Body, symbol: string, registry: Registry): string {
  const located = registry.locate(body.id);
  if (located === undefined) throw new Error(`no type is known for ${body.id}`);
  const { id: _id, type, name: _name, etag: _etag, systemData: _system, ...rest } = body;
  const name = located.parsed.names.join("/");
  return `resource ${symbol} '${type}@${located.type.apiVersion}' = ${literal({ name, ...rest }, "")}`;
}

function literal(value: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (typeof value === "string") {
    const escaped = value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("${", "\\${");
    return `'${escaped.replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}'`;
  }
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : `[\n${value.map((v) => inner + literal(v, inner)).join("\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([key, v]) => {
    const shown = /^[A-Za-z_]\w*$/.test(key) ? key : literal(key, "");
    return `${inner}${shown}: ${literal(v, inner)}`;
  });
  return entries.length === 0 ? "{}" : `{\n${entries.join("\n")}\n${indent}}`;
}

function writablePart(body: Body, registry: Registry): Body {
  const located = registry.locate(body.id);
  if (located === undefined) throw new Error(`no type is known for ${body.id}`);
  const location = located.type.location === "none" ? {} : { location: body.location };
  return { id: body.id, name: body.name, type: body.type, ...location, ...keep(located.type.body, body, registry) };
}

function keep(fields: Fields, value: object, registry: Registry): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const field = fields[name];
    if (field === undefined || field.readOnly) continue;
    if (field.kind === "object") kept[name] = keep(field.fields, item, registry);
    else if (field.kind === "list" && field.children !== undefined) {
      const child = registry.ofArmType(field.children);
      if (child === undefined) continue;
      kept[name] = (item as Body[]).map((one) => ({ name: one.name, ...keep(child.body, one, registry) }));
    } else if (field.kind === "list" && field.element.kind === "object") {
      const { fields: inner } = field.element;
      kept[name] = (item as object[]).map((one) => keep(inner, one, registry));
    } else kept[name] = item;
  }
  return kept;
}
