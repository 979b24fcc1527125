import fc from "fast-check";
import { expect, test } from "vitest";
import { contractOf, displayName, identityOf, parseIdentity } from "../../../provider/dsc/identity.ts";

test("an id has the module, the resource and the key values", () => {
  expect(identityOf("WebAdministrationDsc", "WebSite", { Name: "Default Web Site", Ensure: "Present" })).toBe(
    "WebAdministrationDsc/WebSite/Default Web Site",
  );
  const collection = {
    WebsitePath: "MACHINE/WEBROOT",
    Filter: "f",
    CollectionName: "c",
    ItemName: "i",
    ItemKeyName: "k",
    ItemKeyValue: "v",
    ItemPropertyName: "p",
  };
  expect(identityOf("WebAdministrationDsc", "WebConfigPropertyCollection", collection)).toBe(
    "WebAdministrationDsc/WebConfigPropertyCollection/MACHINE%2FWEBROOT/f/c/i/k/v/p",
  );
});

test("an id can be read back, whatever the keys hold", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (Key, ValueName) => {
      const id = identityOf("xPSDesiredStateConfiguration", "xRegistry", { Key, ValueName });
      expect(parseIdentity(id).keys).toEqual({ Key, ValueName });
    }),
  );
});

test("keys that are scripts do not end up in the id", () => {
  const keys = { GetScript: "x".repeat(400), SetScript: "y", TestScript: "z" };
  expect(identityOf("PSDscResources", "Script", keys)).toMatch(/^PSDscResources\/Script\/sha256:[0-9a-f]{64}$/);
});

test.each([
  ["WebAdministrationDsc/WebSite", "WebAdministrationDsc/WebSite/<Name>"],
  ["PSDscResources/Registry/HKLM:\\x", "PSDscResources/Registry/<Key>/<ValueName>"],
  ["Default Web Site", "<module>/<resource>/<key values>"],
])("the id %s is refused with the right shape", (id, shape) => {
  expect(() => parseIdentity(id)).toThrow(`Import with an id of the form ${shape}`);
});

test("a long key is shortened where people read it", () => {
  const label = displayName("WebSite", { Name: "n".repeat(200) }, contractOf("WebAdministrationDsc", "WebSite"));
  expect(label).toBe(`[WebSite]${"n".repeat(77)}...`);
});
