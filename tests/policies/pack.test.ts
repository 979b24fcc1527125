import { afterAll, beforeAll, expect, test } from "vitest";
import { rules } from "../../policies/rules.ts";
import { type AnalyzedResource, type RunningPack, startPolicyPack } from "../support/policyPack.ts";
import { changed, compliantSettings, compliantStack } from "./compliantStack.ts";

let pack: RunningPack;
const stack = compliantStack();
beforeAll(async () => {
  pack = await startPolicyPack({ settings: compliantSettings });
});
afterAll(() => pack.stop());

const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();

test("serves every rule under its own id", async () => {
  const served = (await pack.policies()).map(({ name, level, description }) => [name, level, description]);
  expect(served).toEqual(rules.map(({ id, level, title }) => [id, level, title]));
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

test("the level of a rule can be changed", async () => {
  const unready = changed(stack, "people", ["unready"], [{ name: "carol", reasons: ["noMobile"] }]);
  const levels = async () =>
    (await pack.analyzeStack(unready)).diagnostics
      .filter(({ policy }) => policy === "MFA-DIR-002")
      .map(({ level }) => level);
  expect(await levels()).toEqual(["mandatory"]);
  await pack.configure({ "MFA-DIR-002": { level: "advisory" } });
  expect(await levels()).toEqual(["advisory"]);
  await pack.configure({ "MFA-DIR-002": { level: "disabled" } });
  expect(await levels()).toEqual([]);
  await pack.configure({});
  expect(await levels()).toEqual(["mandatory"]);
});

test("a rule's own settings can be changed, and the others keep their defaults", async () => {
  const found = async (broken: AnalyzedResource[], rule: string) =>
    (await pack.analyzeStack(broken)).diagnostics.filter(({ policy }) => policy === rule).length;
  const old = changed(stack, "certificate", ["notAfter"], days(20));
  const noHttps = changed(stack, "https", ["sourceAddressPrefix"], "198.51.100.0/24");
  expect([await found(old, "MFA-CERT-002"), await found(noHttps, "MFA-NET-001")]).toEqual([0, 1]);
  // A fifth of the lifetime is the most that counts.
  const long = changed(old, "certificate", ["notBefore"], days(-300));
  await pack.configure({
    "MFA-CERT-002": { level: "mandatory", properties: { minimumDaysLeft: 30 } },
    "MFA-NET-001": { level: "mandatory", properties: { httpsFromInternet: false } },
  });
  expect([await found(long, "MFA-CERT-002"), await found(noHttps, "MFA-NET-001")]).toEqual([1, 0]);
  await pack.configure({ "MFA-DIR-001": { properties: { groupName: "Other Users" } } });
  expect(await found(stack, "MFA-DIR-001")).toBe(1);
  await pack.configure({});
});
