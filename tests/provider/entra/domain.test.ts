import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readsFor, soughtBy } from "../../../provider/entra/designation.ts";
import { type GraphUser, licenceOf, premiumProducts } from "../../../provider/entra/licence.ts";
import { licenceReport } from "../../../provider/entra/report.ts";

const P1 = "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
const P2 = "eec0eb4f-6444-4f95-aba0-50c24d67f998";
const EMS = "efccb6f7-5641-4e0e-bd10-b4976e1bf68e";
const MAIL = "4b9405b0-7788-4568-add1-99614e613b69";
const skus = [
  { skuId: EMS, skuPartNumber: "EMS", servicePlans: [{ servicePlanId: P1 }, { servicePlanId: "other" }] },
  { skuId: MAIL, skuPartNumber: "EXCHANGESTANDARD", servicePlans: [{ servicePlanId: "other" }] },
];
const products = premiumProducts(skus);
const user = (change: Partial<GraphUser> = {}): GraphUser => ({
  id: "1",
  userPrincipalName: "Alice@contoso.com",
  onPremisesSyncEnabled: true,
  onPremisesSamAccountName: "alice",
  onPremisesDomainName: "corp.contoso.com",
  licenseAssignmentStates: [{ skuId: EMS, state: "Active", assignedByGroup: null, disabledPlans: [] }],
  ...change,
});
const assigned = (...licenseAssignmentStates: GraphUser["licenseAssignmentStates"] & object) =>
  licenceOf(user({ licenseAssignmentStates }), products);

describe("whether somebody has Entra ID P1 or P2", () => {
  test("looks into products, directly or by group", () => {
    expect(assigned({ skuId: EMS, state: "Active", assignedByGroup: null })).toBe("direct");
    expect(assigned({ skuId: EMS.toUpperCase(), state: "Active", assignedByGroup: "g" })).toBe("group");
    expect(assigned({ skuId: EMS, state: "Active", assignedByGroup: "g" }, { skuId: EMS, state: "Active" })).toBe(
      "direct",
    );
    expect(assigned({ skuId: MAIL, state: "Active" })).toBeUndefined();
    expect(assigned()).toBeUndefined();
  });

  test("does not count a plan that is switched off, nor an assignment that failed", () => {
    expect(assigned({ skuId: EMS, state: "Active", disabledPlans: [P1.toUpperCase()] })).toBeUndefined();
    expect(assigned({ skuId: EMS, state: "Active", disabledPlans: ["other"] })).toBe("direct");
    expect(assigned({ skuId: EMS, state: "Error" })).toBeUndefined();
    expect(assigned({ skuId: EMS, state: "Disabled" })).toBeUndefined();
    expect(assigned({ skuId: EMS, state: "ActiveWithError" })).toBe("direct");
  });

  test("needs only one of two plans of a product", () => {
    const both = premiumProducts([
      { skuId: "x", skuPartNumber: "AAD_PREMIUM_P2", servicePlans: [{ servicePlanId: P1 }, { servicePlanId: P2 }] },
    ]);
    const licenseAssignmentStates = [{ skuId: "x", state: "Active", disabledPlans: [P2] }];
    expect(licenceOf(user({ licenseAssignmentStates }), both)).toBe("direct");
  });

  test("goes by the person's plans where the products are not known", () => {
    const byPlan = (capabilityStatus: string, servicePlanId = P2) =>
      licenceOf(user({ assignedPlans: [{ servicePlanId, capabilityStatus }] }), undefined);
    expect(byPlan("Enabled")).toBe("plan");
    expect(byPlan("Warning", P1)).toBe("plan");
    expect(byPlan("Deleted")).toBeUndefined();
    expect(byPlan("Suspended")).toBeUndefined();
    expect(byPlan("Enabled", "other")).toBeUndefined();
  });

  test("counts only the products that are named, and none that the tenant may not use any more", () => {
    expect([...premiumProducts(skus, ["ems"]).keys()]).toEqual([EMS]);
    expect(premiumProducts(skus, ["AAD_PREMIUM"]).size).toBe(0);
    const suspended = skus.map((sku) => ({ ...sku, capabilityStatus: "Suspended" }));
    expect(premiumProducts(suspended).size).toBe(0);
  });
});

describe("finding people", () => {
  test("takes a name for what it looks like", () => {
    expect(soughtBy("alice@contoso.com").key).toBe("userPrincipalName");
    expect(soughtBy("s-1-5-21-1-2-3-1104")).toMatchObject({
      key: "onPremisesSecurityIdentifier",
      value: "S-1-5-21-1-2-3-1104",
    });
    expect(soughtBy("S-1 team").key).toBe("onPremisesSamAccountName");
    // The bytes of an objectGUID, not its text.
    expect(soughtBy("33221100-5544-7766-8899-aabbccddeeff")).toMatchObject({
      key: "onPremisesImmutableId",
      value: Buffer.from("00112233445566778899aabbccddeeff", "hex").toString("base64"),
    });
  });

  test("asks for everybody once, fifteen in a question, whatever their names hold", () => {
    const names = fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 100 });
    fc.assert(
      fc.property(names, (list) => {
        const people = [...new Set(list)].map(soughtBy);
        const reads = readsFor(people);
        const literals = reads.flatMap(({ query }) => [...(query?.$filter ?? "").matchAll(/'((?:[^']|'')*)'/g)]);
        expect(literals.map(([, text = ""]) => text.replaceAll("''", "'")).sort()).toEqual(
          people.map(({ value }) => value).sort(),
        );
        for (const { query } of reads) expect(query?.$filter?.match(/'(?:[^']|'')*'/g)?.length).toBeLessThanOrEqual(15);
        expect(reads.length).toBeLessThanOrEqual(Math.ceil(people.length / 15) + 3);
      }),
    );
  });

  test("asks the index for account names alone", () => {
    const [byName, ...others] = readsFor([soughtBy("alice")]);
    expect(others).toEqual([]);
    expect(byName).toMatchObject({ headers: { ConsistencyLevel: "eventual" }, query: { $count: "true" } });
    expect(readsFor([soughtBy("alice@contoso.com")])[0]).not.toHaveProperty("headers");
  });
});

describe("the report", () => {
  const options = { domain: "CORP.contoso.com", synchronisedOnly: true, products };
  const report = (names: string[], found: GraphUser[], change: Partial<typeof options> = {}) =>
    licenceReport(names.map(soughtBy), found, { ...options, ...change });

  test("counts a person once, however named", () => {
    expect(report(["alice", "ALICE@contoso.com"], [user()])).toEqual({
      counted: 1,
      licensed: 1,
      licensedByGroup: 0,
      unlicensed: [],
      notFound: [],
      judgedBy: "assignments",
    });
  });

  test("knows an account name only in its own domain", () => {
    expect(report(["alice"], [user({ onPremisesDomainName: "other.example" })])).toMatchObject({
      counted: 1,
      notFound: ["alice"],
    });
  });

  test("does not take somebody who only lives in the cloud for the member of the domain", () => {
    const cloudUser = user({ onPremisesSyncEnabled: null });
    expect(report(["alice@contoso.com"], [cloudUser])).toMatchObject({ notFound: ["alice@contoso.com"] });
    expect(report(["alice@contoso.com"], [cloudUser], { synchronisedOnly: false })).toMatchObject({ licensed: 1 });
  });

  test("lists in an order of its own, so that the order of the answers never shows", () => {
    const people = ["b", "a", "c"].map((name) =>
      user({
        id: name,
        userPrincipalName: `${name}@contoso.com`,
        onPremisesSamAccountName: name,
        licenseAssignmentStates: [],
      }),
    );
    const names = ["c", "b", "a", "z", "y"];
    const one = report(names, people);
    expect(one.unlicensed).toEqual(["a@contoso.com", "b@contoso.com", "c@contoso.com"]);
    expect(one.notFound).toEqual(["y", "z"]);
    expect(report(names.toReversed(), people.toReversed())).toEqual(one);
  });
});
