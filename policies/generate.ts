/** Writes what is made from the rules: `config.schema.json` and the tables of `README.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import { readme, settingsJsonSchema } from "./documentation.ts";

const beside = (name: string) => new URL(name, import.meta.url);
writeFileSync(beside("./config.schema.json"), settingsJsonSchema());
writeFileSync(beside("./README.md"), readme(readFileSync(beside("./README.md"), "utf8")));
