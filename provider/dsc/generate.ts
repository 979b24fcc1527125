import { mkdirSync, writeFileSync } from "node:fs";
import { moduleContracts } from "./contract.ts";
import { renderHelpers } from "./render.ts";

// Writes generated/*.ts; a test fails when they do not agree with contracts.json.
const folder = new URL("./generated/", import.meta.url);
mkdirSync(folder, { recursive: true });
for (const file of renderHelpers(moduleContracts)) writeFileSync(new URL(file.name, folder), file.text);
