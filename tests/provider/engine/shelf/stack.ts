import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { createWorkspace, type Workspace } from "../../../support/engine.ts";

export interface ShelfStack extends Workspace {
  /** Where the notes of this stack lie. */
  shelf: string;
  /** Makes the program that declares these notes: `body` is TypeScript that may use `shelf`, `pulumi` and `provider`. */
  declare(body: string): Promise<void>;
  /** Lays a fault into the folder, for the next call that looks. */
  lay(fault: string): Promise<void>;
  note(name: string): Promise<Record<string, unknown>>;
  /** Changes a note behind the engine's back. */
  tamper(name: string, change: object): Promise<void>;
}

export const shelfPassword = "password-of-the-shelf";

/** A stack whose only provider is the shelf, run by the real engine. */
export async function shelfStack(body: string): Promise<ShelfStack> {
  const workspace = await createWorkspace({ plugins: { shelf: import.meta.dirname } });
  const shelf = path.join(workspace.directory, "shelf");
  await mkdir(shelf);
  const fileOf = (name: string) => path.join(shelf, `${name}.json`);
  const stack: ShelfStack = {
    ...workspace,
    shelf,
    declare: (text) => workspace.setProgram(program(shelf, text)),
    lay: (fault) => writeFile(path.join(shelf, "fault"), fault),
    note: async (name) => JSON.parse(await readFile(fileOf(name), "utf8")),
    tamper: async (name, change) => {
      const note = { ...JSON.parse(await readFile(fileOf(name), "utf8")), ...change };
      await writeFile(fileOf(name), JSON.stringify(note));
    },
  };
  await stack.declare(body);
  return stack;
}

function program(shelf: string, body: string): string {
  return `
    import * as pulumi from "@pulumi/pulumi";
    import * as shelf from ${JSON.stringify(path.join(import.meta.dirname, "resource.ts"))};
    const folder = { path: ${JSON.stringify(shelf)}, password: pulumi.secret(${JSON.stringify(shelfPassword)}) };
    const provider = new shelf.Provider("shelf", folder);
    ${body}
  `;
}
