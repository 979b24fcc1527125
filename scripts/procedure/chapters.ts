import { configuring } from "./configuring.ts";
import { installing } from "./installing.ts";
import { notes } from "./notes.ts";
import { portal } from "./portal.ts";
import { prerequisites } from "./prerequisites.ts";
import { registering } from "./registering.ts";
import { software } from "./software.ts";
import type { Chapter } from "./step.ts";

/** The chapters of the procedure in its order. */
export const chapters: readonly Chapter[] = [
  prerequisites,
  software,
  installing,
  configuring,
  portal,
  registering,
  notes,
];
