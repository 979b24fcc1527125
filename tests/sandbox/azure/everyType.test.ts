import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../../sandbox/azure/arm/json.ts";
import { Registry } from "../../../sandbox/azure/arm/registry.ts";
import { resourceTypes } from "../../../sandbox/azure/types/index.ts";
import { everything, fixtures } from "./fixtures.ts";
import { startProvider } from "./providerHarness.ts";

const registry = new Registry(resourceTypes);
const typeOf = (name: keyof typeof fixtures) => {
  const type = registry.locate(fixtures[name].id)?.type;
  if (type === undefined) throw new Error(`${name} is of no known type`);
  return type;
};

/** What a resource of each type does in the provider, whatever the type. */
describe("every simulated type", () => {
  const provider = startProvider();
  beforeAll(async () => {
    for (const name of everything) {
      const { id, version, body } = fixtures[name];
      const query = new URLSearchParams({ "api-version": version });
      const answer = await provider.arm.handle({
        method: "PUT",
        path: id,
        query,
        headers: {},
        body: body as JsonObject,
        origin: "https://arm",
      });
      expect(answer, name).toMatchObject({ status: 201 });
      await provider.arm.operations.idle();
    }
  });
  afterAll(() => provider.stop());

  it("has a fixture", () => {
    expect(new Set(everything.map((name) => typeOf(name).token))).toEqual(
      new Set(resourceTypes.map(({ token }) => token)),
    );
  });

  it.each(everything)("%s: imported by its id alone, it passes check and differs in nothing", async (name) => {
    const { token } = typeOf(name);
    const imported = await provider.read(token, fixtures[name].id);
    const { inputs, reasons } = await provider.check(token, imported?.inputs ?? {}, imported?.inputs);
    expect(reasons).toEqual([]);
    expect(await provider.diff(token, imported?.inputs ?? {}, inputs)).toMatchObject({ changes: "none" });
  });

  it.each(everything.filter((name) => name !== "secret"))(
    "%s: written again as imported, it stays as it was",
    async (name) => {
      const { token } = typeOf(name);
      const before = await provider.read(token, fixtures[name].id);
      const { id, inputs = {}, outputs = {} } = before ?? {};
      const after = await provider.update(token, id ?? "", inputs, outputs, inputs);
      // What changes with every write.
      const volatile = ["etag", "updatedOn", "systemData"];
      const stable = (value: unknown) =>
        JSON.parse(JSON.stringify(value, (key, item) => (volatile.includes(key) ? undefined : item)));
      expect(stable(after)).toEqual(stable(outputs));
    },
  );

  it("tells the type of an extension from the type of its resource", async () => {
    const read = await provider.read(typeOf("join").token, fixtures.join.id);
    expect(read?.inputs?.type).toBe("JsonADDomainExtension");
    expect(read?.outputs.type).toBe("Microsoft.Compute/virtualMachines/extensions");
    const machine = await provider.read(typeOf("vm").token, fixtures.vm.id);
    const resource = { publisher: "Microsoft.Compute", type: "Microsoft.Compute/virtualMachines/extensions" };
    expect(machine?.outputs.resources).toMatchObject([resource]);
  });

  it.each(everything)("%s: read again, nothing has changed", async (name) => {
    const { token } = typeOf(name);
    const first = await provider.read(token, fixtures[name].id);
    expect(await provider.read(token, first?.id ?? "", first?.inputs, first?.outputs)).toEqual(first);
  });
});
