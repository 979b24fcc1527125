/** A user as Microsoft Graph describes them, as far as licences are concerned. */
export interface GraphUser {
  id: string;
  userPrincipalName: string;
  /** `true`: synchronised from Active Directory now; otherwise made in the cloud, or no longer synchronised. */
  onPremisesSyncEnabled?: boolean | null;
  onPremisesSecurityIdentifier?: string | null;
  onPremisesImmutableId?: string | null;
  onPremisesSamAccountName?: string | null;
  /** DNS name of the Active Directory domain. */
  onPremisesDomainName?: string | null;
  licenseAssignmentStates?: LicenceAssignment[];
  assignedPlans?: { servicePlanId?: string; capabilityStatus?: string }[];
}

/** One product that a user has, directly or through a group. */
export interface LicenceAssignment {
  skuId: string;
  /** Entra id of the group; `null` when assigned directly. */
  assignedByGroup?: string | null;
  disabledPlans?: string[];
  /** `Active`, `ActiveWithError`, `Disabled` or `Error`. */
  state?: string;
}

/** One product that the tenant has bought. */
export interface SubscribedSku {
  skuId: string;
  skuPartNumber: string;
  capabilityStatus?: string;
  servicePlans?: { servicePlanId: string; servicePlanName?: string }[];
}

/** Service plans of Entra ID P1 and P2 ("Product names and service plan identifiers for licensing"). */
const PREMIUM_PLANS = new Set([
  // AAD_PREMIUM
  "41781fb2-bc02-4b7c-bd55-b576c07bb09d",
  // AAD_PREMIUM_P2
  "eec0eb4f-6444-4f95-aba0-50c24d67f998",
]);

/** States of a product or plan in which people may use it; `Warning` is the time after a subscription ran out. */
const USABLE = new Set(["Enabled", "Warning"]);

/** The tenant's usable products that contain Entra ID P1 or P2: their ids to the ids of those plans. */
export type PremiumProducts = ReadonlyMap<string, readonly string[]>;

/** @param names Part numbers that count alone; default: whatever contains a plan. */
export function premiumProducts(skus: readonly SubscribedSku[], names?: readonly string[]): PremiumProducts {
  const wanted = names?.map((name) => name.toLowerCase());
  const products = skus.flatMap((sku): [string, string[]][] => {
    const plans = plansOf(sku).filter((plan) => PREMIUM_PLANS.has(plan));
    const counts = wanted === undefined || wanted.includes(sku.skuPartNumber.toLowerCase());
    const usable = USABLE.has(sku.capabilityStatus ?? "Enabled");
    return counts && usable && plans.length > 0 ? [[sku.skuId.toLowerCase(), plans]] : [];
  });
  return new Map(products);
}

/** How somebody has the licence. `plan`: from the plans alone, which do not say how they came. */
export type LicenceSource = "direct" | "group" | "plan";

/**
 * Whether somebody has Entra ID P1 or P2, and from where. Without knowledge of the tenant's products the person's plans decide.
 */
export function licenceOf(user: GraphUser, products: PremiumProducts | undefined): LicenceSource | undefined {
  if (products === undefined) return hasPlan(user) ? "plan" : undefined;
  const held = (user.licenseAssignmentStates ?? []).filter((assignment) => isInForce(assignment, products));
  if (held.some(({ assignedByGroup }) => !assignedByGroup)) return "direct";
  return held.length > 0 ? "group" : undefined;
}

/** A product of which every plan that matters is switched off gives nothing. */
function isInForce({ skuId, state, disabledPlans = [] }: LicenceAssignment, products: PremiumProducts): boolean {
  if (state !== "Active" && state !== "ActiveWithError") return false;
  const disabled = new Set(disabledPlans.map((plan) => plan.toLowerCase()));
  return (products.get(skuId.toLowerCase()) ?? []).some((plan) => !disabled.has(plan));
}

function hasPlan({ assignedPlans = [] }: GraphUser): boolean {
  return assignedPlans.some(
    ({ servicePlanId = "", capabilityStatus = "" }) =>
      PREMIUM_PLANS.has(servicePlanId.toLowerCase()) && USABLE.has(capabilityStatus),
  );
}

function plansOf(sku: SubscribedSku): string[] {
  return (sku.servicePlans ?? []).map(({ servicePlanId }) => servicePlanId.toLowerCase());
}
