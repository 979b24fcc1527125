import { z } from "zod";
import type { ResourceProvider } from "../../../../provider/engine/resources.ts";
import type { Shelf } from "./note.ts";

const configuration = z.strictObject({
  folder: z.strictObject({ path: z.string(), password: z.string().optional().meta({ secret: true }) }),
});

/** A provider small enough to see through: its objects are files. */
export const shelfProvider: ResourceProvider<z.infer<typeof configuration>, Shelf> = {
  name: "shelf",
  version: "1.2.3",
  description: "Notes on a shelf.",
  configuration,
  modules: { notes: async () => Object.values(await import("./note.ts")) },
  connect: ({ folder }) => ({ folder: folder.path, password: folder.password }),
  now: () => new Date(process.env.SHELF_NOW ?? Date.now()),
};
