/** One product that the simulated tenant has bought. */
export interface Product {
  skuId: string;
  skuPartNumber: string;
  /** Names of the plans to their ids. */
  plans: Readonly<Record<string, string>>;
}

const P1 = { AAD_PREMIUM: "41781fb2-bc02-4b7c-bd55-b576c07bb09d" };
const P2 = { AAD_PREMIUM_P2: "eec0eb4f-6444-4f95-aba0-50c24d67f998" };
const MFA = { MFA_PREMIUM: "8a256a2b-b617-496d-b51b-e76466e88db0" };
const EXCHANGE = { EXCHANGE_S_STANDARD: "9aaf7827-d63c-4b61-89c3-182f06f82e5c" };

/** Ids and names as "Product names and service plan identifiers for licensing" lists them; of the plans only some. */
export const products: readonly Product[] = [
  { skuPartNumber: "AAD_PREMIUM", skuId: "078d2b04-f1bd-4111-bbd4-b4b1b354cef4", plans: { ...P1, ...MFA } },
  { skuPartNumber: "AAD_PREMIUM_P2", skuId: "84a661c4-e949-4bd2-a560-ed7766fcaf2b", plans: { ...P1, ...P2, ...MFA } },
  { skuPartNumber: "EMS", skuId: "efccb6f7-5641-4e0e-bd10-b4976e1bf68e", plans: { ...P1, ...MFA } },
  { skuPartNumber: "EXCHANGESTANDARD", skuId: "4b9405b0-7788-4568-add1-99614e613b69", plans: EXCHANGE },
];

export function productOf(skuPartNumber: string): Product {
  const product = products.find((each) => each.skuPartNumber === skuPartNumber);
  if (product === undefined) throw new Error(`the simulated tenant has no product ${skuPartNumber}`);
  return product;
}

/** The products as `GET /subscribedSkus` shows them. */
export function subscribedSkus(): object[] {
  return products.map(({ skuId, skuPartNumber, plans }) => ({
    skuId,
    skuPartNumber,
    appliesTo: "User",
    capabilityStatus: "Enabled",
    consumedUnits: 0,
    prepaidUnits: { enabled: 25, suspended: 0, warning: 0, lockedOut: 0 },
    servicePlans: Object.entries(plans).map(([servicePlanName, servicePlanId]) => ({
      servicePlanId,
      servicePlanName,
      provisioningStatus: "Success",
      appliesTo: "User",
    })),
  }));
}
