import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { moduleContracts } from "../../../provider/dsc/contract.ts";
import { lowerFirst, renderHelpers } from "../../../provider/dsc/render.ts";

const folder = new URL("../../../provider/dsc/generated/", import.meta.url);

test("the helpers are fresh: node provider/dsc/generate.ts would change nothing", () => {
  const files = renderHelpers(moduleContracts);
  expect(readdirSync(folder).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
  for (const { name, text } of files) expect(readFileSync(new URL(name, folder), "utf8")).toBe(text);
});

test.each([
  ["WebSite", "webSite"],
  ["xWindowsFeature", "xWindowsFeature"],
  ["ADOrganizationalUnit", "adOrganizationalUnit"],
  ["ADUser", "adUser"],
  ["PSDscResources", "psDscResources"],
])("the helper of %s is %s", (resource, helper) => {
  expect(lowerFirst(resource)).toBe(helper);
});

test("no two resources share a helper or a type", () => {
  const exported = renderHelpers(moduleContracts)
    .filter(({ name }) => name !== "index.ts")
    .flatMap(({ text }) => [...text.matchAll(/^export (?:function|interface|const) (\w+)/gm)].map(([, name]) => name));
  expect(exported).toEqual([...new Set(exported)]);
});
