import { afterAll, beforeAll, expect, test } from "vitest";
import { type AnalyzedResource, type RunningPack, startPolicyPack, UNKNOWN } from "../support/policyPack.ts";
import { added, compliantStack, without } from "./compliantStack.ts";

/** In a managed domain groups and accounts come from Entra ID; the stack has their arrival instead of themselves. */
let pack: RunningPack;
let stack: AnalyzedResource[];
beforeAll(async () => {
  pack = await startPolicyPack();
  stack = without(compliantStack(), "admins", "administrators", "service");
});
afterAll(() => pack.stop());

const arrivedWith = (groups: unknown) => added(stack, "mfakit:entra:Arrival", "arrival", { users: [], groups });
const findings = async (given: AnalyzedResource[]) =>
  (await pack.analyzeStack(given)).diagnostics.filter(({ policy }) => policy === "MFA-DIR-003");

test("the service account that arrived in PhoneFactor Admins is a member", async () => {
  expect(await findings(arrivedWith([{ name: "phonefactor admins", members: ["MfaWebService@contoso.com"] }]))).toEqual(
    [],
  );
});

test("one that did not is none, and a group that did not arrive is missing", async () => {
  const [one] = await findings(arrivedWith([{ name: "PhoneFactor Admins", members: ["pfup_mfadev01@contoso.com"] }]));
  expect(one?.message).toContain("mfawebservice is not in PhoneFactor Admins");
  const [other] = await findings(arrivedWith([{ name: "MFA Users", members: [] }]));
  expect(other?.message).toContain("the stack has no group PhoneFactor Admins");
});

test("while nothing has arrived nobody can tell", async () => {
  expect(await findings(arrivedWith(UNKNOWN))).toEqual([
    expect.objectContaining({
      level: "advisory",
      message: expect.stringContaining("cannot tell yet: who is in PhoneFactor Admins"),
    }),
  ]);
});
