import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { Registry } from "../../../sandbox/azure/arm/registry.ts";
import { bodyFields, pathInputs } from "../../../sandbox/azure/azureNative/resourceShape.ts";
import { sdkProperties } from "../../../sandbox/azure/azureNative/sdkShape.ts";
import { resourceTypes } from "../../../sandbox/azure/types/index.ts";

const sdk = dirname(createRequire(import.meta.url).resolve("@pulumi/azure-native/package.json"));
const registry = new Registry(resourceTypes);

/** The properties that the SDK's constructor passes on: inputs, and outputs that it leaves undefined. */
function sdkNames(token: string): { inputs: string[]; outputs: string[]; version: string | undefined } {
  const [, module = "", name = ""] = token.split(":");
  const file = `${name[0]?.toLowerCase()}${name.slice(1)}`;
  const source = readFileSync(join(sdk, module, `${file}.js`), "utf8").replace(/\n\/\/# sourceMappingURL.*/, "");
  const body = source.slice(
    source.indexOf("if (!opts.id) {"),
    source.indexOf("else {", source.indexOf("if (!opts.id) {")),
  );
  const all = [...body.matchAll(/resourceInputs\["(\w+)"\] = (undefined)?/g)];
  return {
    inputs: all.filter((m) => m[2] === undefined).map((m) => m[1] as string),
    outputs: all.filter((m) => m[2] !== undefined).map((m) => m[1] as string),
    version: /Uses Azure REST API version (\S+?)\.\s/.exec(source)?.[1],
  };
}

describe.each(resourceTypes.map((type) => [type.token, type] as const))(
  "%s as the Pulumi SDK has it",
  (token, type) => {
    const { inputs, outputs, version } = sdkNames(token);
    const fields = bodyFields(type, (child) => registry.ofArmType(child));
    const given = sdkProperties(fields, "input");
    const shown = sdkProperties(fields, "output");

    it("has the SDK's path parameters", () => {
      expect(inputs).toEqual(expect.arrayContaining(pathInputs(type).names));
    });
    it("has no property that the SDK does not have", () => {
      expect([...given.keys(), ...shown.keys()].filter((name) => ![...inputs, ...outputs].includes(name))).toEqual([]);
    });
    it("takes no input that the SDK does not pass on", () => {
      const accepted = [...given].filter(([, { field }]) => !field.readOnly).map(([name]) => name);
      expect(inputs).toEqual(expect.arrayContaining(accepted));
    });
    it("takes nothing that the SDK has as an output only", () => {
      for (const name of outputs) expect(shown.get(name)?.field.readOnly ?? true, name).toBe(true);
    });
    it("speaks the API version that the SDK names", () => {
      expect(type.apiVersion).toBe(version);
    });
  },
);
