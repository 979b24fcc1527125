import { createHash } from "node:crypto";
import { z } from "zod";
import { asList, asObject, asText, type JsonObject } from "../arm/json.ts";
import type { Store, StoredResource } from "../arm/store.ts";
import { productOf } from "./products.ts";

/** One product that somebody has. */
const licence = z.strictObject({
  /** Part number, one of `products.ts`. */
  sku: z.string(),
  /** Entra id of the group that gives it. Default: assigned directly. */
  group: z.guid().optional(),
  /** Names of the plans that are switched off. */
  disabledPlans: z.array(z.string()).default([]),
  state: z.enum(["Active", "ActiveWithError", "Disabled", "Error"]).default("Active"),
});

/** Somebody in the simulated tenant. */
export const tenantUser = z.strictObject({
  userPrincipalName: z.string(),
  /** Absent: made in the cloud. */
  onPremises: z
    .strictObject({
      samAccountName: z.string(),
      domainName: z.string(),
      securityIdentifier: z.string().optional(),
      /** The source anchor. */
      immutableId: z.string().optional(),
      /** False: was synchronised once. */
      syncEnabled: z.boolean().default(true),
    })
    .optional(),
  licences: z.array(licence).default([]),
});

export type TenantUser = z.output<typeof tenantUser>;

export const USERS = "Microsoft.Graph/users";

/** Puts somebody into the tenant, or replaces what is known of them. */
export function putUser(store: Store, user: TenantUser): void {
  const { userPrincipalName, onPremises, licences } = user;
  for (const { sku } of licences) productOf(sku);
  const objectId = objectIdOf(userPrincipalName);
  const now = new Date().toISOString();
  store.put({
    id: `/users/${objectId}`,
    type: USERS,
    name: userPrincipalName,
    body: {
      userPrincipalName,
      objectId,
      displayName: userPrincipalName.split("@")[0] ?? userPrincipalName,
      mailNickname: userPrincipalName.split("@")[0] ?? userPrincipalName,
      accountEnabled: true,
      onpremisesSyncEnabled: onPremises?.syncEnabled ?? false,
      onpremisesSamAccountName: onPremises?.samAccountName ?? "",
      onpremisesDomainName: onPremises?.domainName ?? "",
      onpremisesSecurityIdentifier: onPremises?.securityIdentifier ?? "",
      onpremisesImmutableId: onPremises?.immutableId ?? "",
    },
    etag: "",
    createdAt: now,
    changedAt: now,
    internal: { objectId, licences: licences as unknown as JsonObject[] },
  });
}

/** A user as Graph shows them, every property that the simulator knows. */
export function userView(resource: StoredResource): JsonObject {
  const { body, internal } = resource;
  const licences = asList(internal.licences).map((each) => licence.parse(each));
  const orNull = (name: string) => asText(body[name]) || null;
  return {
    id: asText(internal.objectId) ?? "",
    userPrincipalName: body.userPrincipalName ?? "",
    displayName: body.displayName ?? "",
    mailNickname: body.mailNickname ?? null,
    accountEnabled: body.accountEnabled ?? true,
    // Never synchronised is null, not false.
    onPremisesSyncEnabled: orNull("onpremisesSamAccountName") === null ? null : (body.onpremisesSyncEnabled ?? null),
    onPremisesSamAccountName: orNull("onpremisesSamAccountName"),
    onPremisesDomainName: orNull("onpremisesDomainName"),
    onPremisesSecurityIdentifier: orNull("onpremisesSecurityIdentifier"),
    onPremisesImmutableId: orNull("onpremisesImmutableId"),
    ...licenceView(licences),
  };
}

function licenceView(licences: readonly z.output<typeof licence>[]): JsonObject {
  const assignments = licences.map(({ sku, group, disabledPlans, state }) => {
    const product = productOf(sku);
    const disabled = disabledPlans.map((name) => product.plans[name] ?? name);
    return { product, disabled, group: group ?? null, state };
  });
  const plans = new Map<string, boolean>();
  for (const { product, disabled, state } of assignments) {
    for (const plan of Object.values(product.plans)) {
      const enabled = state.startsWith("Active") && !disabled.includes(plan);
      plans.set(plan, enabled || plans.get(plan) === true);
    }
  }
  return {
    assignedLicenses: assignments.map(({ product, disabled }) => ({ skuId: product.skuId, disabledPlans: disabled })),
    licenseAssignmentStates: assignments.map(({ product, disabled, group, state }) => ({
      skuId: product.skuId,
      disabledPlans: disabled,
      assignedByGroup: group,
      state,
      error: state.endsWith("Error") ? "CountViolation" : null,
    })),
    assignedPlans: [...plans].map(([servicePlanId, enabled]) => ({
      servicePlanId,
      capabilityStatus: enabled ? "Enabled" : "Deleted",
      service: "AADPremiumService",
    })),
  };
}

/** What Graph shows without `$select`, as far as the simulator knows it. */
export const DEFAULT_PROPERTIES = ["id", "userPrincipalName", "displayName"];

/** The properties of a user that are shown; `undefined` when one is not known. */
export function selected(user: JsonObject, names: readonly string[]): JsonObject | undefined {
  if (names.some((name) => !(name in user))) return undefined;
  return asObject(Object.fromEntries(names.map((name) => [name, user[name] ?? null])));
}

/** The same id at every start. */
function objectIdOf(userPrincipalName: string): string {
  const hex = createHash("sha256").update(`user ${userPrincipalName.toLowerCase()}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
