import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { editorSchema } from "./jsonSchema.ts";
import { withConfigurationTable } from "./table.ts";

/** Writes what is generated from the settings' schema: environment/schema.json and the README's configuration table. */
function generate(): void {
  const schemaFile = fileURLToPath(new URL("schema.json", import.meta.url));
  const readme = fileURLToPath(new URL("../README.md", import.meta.url));
  writeFileSync(schemaFile, `${JSON.stringify(editorSchema(), undefined, 2)}\n`);
  const text = withConfigurationTable(readFileSync(readme, "utf8"));
  if (text === undefined)
    throw new Error("README.md lacks the markers <!-- configuration:begin --> and <!-- configuration:end -->");
  writeFileSync(readme, text);
}

generate();
