import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { policyPages } from "./policyPages.ts";

/** Writes `docs/policies`, and takes the pages of rules away that are no more. */
const folder = new URL("../docs/policies/", import.meta.url);
const pages = await policyPages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(new URL(name, folder));
for (const [name, page] of pages) writeFileSync(new URL(name, folder), page);
