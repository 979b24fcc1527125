import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { documentedSettings } from "../../environment/documentation.ts";
import { editorSchema } from "../../environment/jsonSchema.ts";
import { settingsSchema } from "../../environment/schema.ts";
import { withConfigurationTable } from "../../environment/table.ts";
import { factsOf } from "../../environment/walk.ts";
import { devSettings, projectDirectory } from "../support/environment.ts";

const read = (name: string): string => readFileSync(join(projectDirectory, name), "utf8");

describe("what is generated from the schema is fresh (npm run generate)", () => {
  it("environment/schema.json", () => {
    expect(JSON.parse(read("environment/schema.json"))).toEqual(JSON.parse(JSON.stringify(editorSchema())));
  });

  it("the README's configuration table", () => {
    const readme = read("README.md");
    expect(withConfigurationTable(readme) === readme).toBe(true);
  });
});

describe("the editors' schema", () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(editorSchema());
  const check = (section: string, change: object): string[] => {
    const settings = devSettings() as Record<string, object>;
    const config = Object.entries(settings).map(([key, value]) => [`mfa-server:${key}`, value]);
    const document = { config: { ...Object.fromEntries(config), [section]: change } };
    return validate(document)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };

  it("accepts the dev environment", () => {
    expect(validate(parse(read("Pulumi.dev.yaml")))).toBe(true);
  });

  it("is named by the dev environment", () => {
    expect(read("Pulumi.dev.yaml")).toContain("# yaml-language-server: $schema=environment/schema.json\n");
  });

  it("marks what is wrong", () => {
    const host = devSettings().host;
    expect(check("mfa-server:host", { ...host, computerName: "too long a name 01" })).toEqual([
      "/config/mfa-server:host/computerName must NOT have more than 15 characters",
      expect.stringContaining("/config/mfa-server:host/computerName must match pattern"),
    ]);
    expect(check("mfa-server:host", { ...host, colour: "red" })).toEqual([
      "/config/mfa-server:host must NOT have additional properties",
    ]);
    expect(check("mfa-server:hosst", {})).toEqual(["/config/mfa-server:hosst boolean schema is false"]);
    expect(check("azure-native:location", "westeurope" as unknown as object)).toEqual([]);
    expect(check("mfa-server:adminPassword", { secure: "v1:abc" })).toEqual([]);
    expect(check("mfa-server:adminPassword", "plain" as unknown as object)).toEqual([
      "/config/mfa-server:adminPassword must be object",
    ]);
  });
});

describe("each setting", () => {
  const settings = documentedSettings(settingsSchema);

  it.each(settings.map((setting) => [setting.path.join("."), setting] as const))(
    "%s is described with an example that it accepts",
    (_, setting) => {
      expect(setting.description).toMatch(/^[A-Z].*\.$/s);
      const example = setting.examples?.[0] ?? setting.default;
      const element = "element" in setting.inner ? factsOf(setting.inner.element as never).examples?.[0] : undefined;
      const value = example ?? (element === undefined ? undefined : [element]);
      if (setting.path[0] === "tags") return;
      expect(value ?? firstOption(setting.inner)).toSatisfy((given) => setting.inner.safeParse(given).success);
    },
  );
});

function firstOption(schema: unknown): unknown {
  return (schema as { options?: unknown[] }).options?.[0];
}
