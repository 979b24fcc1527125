import { createHash, randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { defineResource } from "../../../../provider/engine/defineResource.ts";
import { type Lifecycle, PartialFailure } from "../../../../provider/engine/definition.ts";
import { compareInputs } from "../../../../provider/engine/difference.ts";
import { UserError } from "../../../../provider/engine/userError.ts";
import { UNKNOWN } from "../../../../provider/engine/values.ts";

/** Where the notes lie: one JSON file each. `fault` in the same folder makes the next call misbehave. */
export interface Shelf {
  folder: string;
  password: string | undefined;
}

const inputs = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "must be lower-case letters, digits and hyphens")
    .max(20),
  text: z.string().describe("What the note says."),
  kind: z.enum(["plain", "rich"]).default("plain"),
  copies: z.number().int().min(1).max(9).optional(),
  password: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  lines: z.array(z.string()).optional(),
  box: z.strictObject({ width: z.number(), depth: z.number().default(1) }).optional(),
  /** ISO 8601: from then on a preview plans to write the note anew. */
  renewAfter: z.string().optional(),
});

const outputs = z.strictObject({
  ...inputs.shape,
  copies: z.number().int(),
  greeting: z.string(),
  token: z.string(),
  sha256: z.string(),
  writtenAt: z.string(),
});

type Inputs = z.infer<typeof inputs>;
type Outputs = z.infer<typeof outputs>;

const fileOf = (shelf: Shelf, name: string) => path.join(shelf.folder, `${name}.json`);

async function load(shelf: Shelf, name: string): Promise<Outputs | undefined> {
  const text = await readFile(fileOf(shelf, name), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Outputs);
}

async function store(shelf: Shelf, note: Inputs, token: string, now: Date): Promise<Outputs> {
  const written: Outputs = {
    ...note,
    copies: note.copies ?? 1,
    greeting: note.password === undefined ? "hello" : `hello, ${note.password}!`,
    token,
    sha256: createHash("sha256").update(note.text).digest("hex"),
    writtenAt: now.toISOString(),
  };
  const file = fileOf(shelf, note.name);
  await writeFile(`${file}.new`, JSON.stringify(written));
  await rename(`${file}.new`, file);
  return written;
}

/** Takes the fault that a test has laid into the folder. */
async function fault(shelf: Shelf): Promise<string | undefined> {
  const file = path.join(shelf.folder, "fault");
  const text = await readFile(file, "utf8").catch(() => undefined);
  await rm(file, { force: true });
  return text;
}

const lifecycle: Lifecycle<Inputs, Outputs, Shelf> = {
  check: ({ text }) =>
    typeof text === "string" && text.includes("forbidden")
      ? [{ property: "text", reason: "must not say what is forbidden" }]
      : [],
  diff(_id, oldInputs, _oldOutputs, newInputs, { now }) {
    const difference = compareInputs(oldInputs, newInputs);
    if (newInputs.renewAfter !== undefined && now() > new Date(newInputs.renewAfter)) {
      difference.changes.writtenAt = "update";
    }
    return difference;
  },
  preview: (wished, old) => ({
    ...wished,
    token: old?.outputs.token,
    ...(typeof wished.text === "string" && {
      sha256: createHash("sha256").update(wished.text).digest("hex"),
    }),
    ...(old && { writtenAt: UNKNOWN as unknown as string }),
  }),
  async create(wished, { connections, signal, progress, warn, now }) {
    const broken = await fault(connections);
    if (broken === "wait") {
      progress("waiting for the end");
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    }
    if (broken === "fail") throw new Error(`the shelf fell down, and ${wished.password} with it`);
    if (broken === "warn") warn(`the shelf of ${connections.password} is loose`);
    if (broken === "refuse") {
      throw new UserError("SHELF_FULL", { what: "There is no place", why: "the shelf is full", next: "Buy another." });
    }
    if (await load(connections, wished.name)) throw new Error(`there is already a note ${wished.name}`);
    const token = randomBytes(12).toString("hex");
    if (broken === "partial") {
      const half = await store(connections, { ...wished, text: "" }, token, now());
      throw new PartialFailure("the ink ran out", wished.name, half);
    }
    return { id: wished.name, outputs: await store(connections, wished, token, now()) };
  },
  async read(id, old, { connections }) {
    const found = await load(connections, id);
    if (found === undefined) return undefined;
    const { name, text, kind, password, labels, lines, box } = found;
    const copies = found.copies === 1 && old?.inputs.copies === undefined ? undefined : found.copies;
    const { renewAfter } = old?.inputs ?? {};
    return { id, outputs: found, inputs: { name, text, kind, copies, password, labels, lines, box, renewAfter } };
  },
  async update(_id, old, wished, _oldInputs, { connections, now }) {
    if ((await fault(connections)) === "partial") {
      throw new PartialFailure("the ink ran out again", wished.name, { ...old, text: "half" });
    }
    return store(connections, wished, old.token, now());
  },
  async delete(id, _outputs, _inputs, { connections }) {
    await rm(fileOf(connections, id), { force: true });
  },
};

export const note = defineResource({
  token: "shelf:notes:Note",
  description: "A note in a folder.",
  inputs,
  outputs,
  secrets: ["token", "password"],
  replaceOn: ["name"],
  deleteBeforeReplace: true,
  lifecycle,
});

interface LabelInputs {
  name: string;
  colours?: string[] | undefined;
}

const labelOutputs = z.strictObject({
  name: z.string(),
  colours: z.array(z.string()).optional(),
  position: z.number(),
});

async function storeLabel(shelf: Shelf, wished: LabelInputs): Promise<z.infer<typeof labelOutputs>> {
  await writeFile(fileOf(shelf, `label-${wished.name}`), JSON.stringify(wished));
  return { ...wished, position: 7 };
}

const labelLifecycle: Lifecycle<LabelInputs, z.infer<typeof labelOutputs>, Shelf> = {
  create: async (wished, { connections }) => ({ id: wished.name, outputs: await storeLabel(connections, wished) }),
  async read(id, _old, { connections }) {
    const text = await readFile(fileOf(connections, `label-${id}`), "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const found: LabelInputs = JSON.parse(text);
    return { id, outputs: { ...found, position: 7 }, inputs: found };
  },
  update: (_id, _old, wished, _oldInputs, { connections }) => storeLabel(connections, wished),
  delete: (id, _outputs, _inputs, { connections }) => rm(fileOf(connections, `label-${id}`), { force: true }),
};

/** Without a preview and a diff of its own: what the engine layer does by itself. */
export const label = defineResource({
  token: "shelf:notes:Label",
  description: "A label on the shelf.",
  inputs: z.strictObject({ name: z.string(), colours: z.array(z.string()).optional() }),
  outputs: labelOutputs,
  lifecycle: labelLifecycle,
});
