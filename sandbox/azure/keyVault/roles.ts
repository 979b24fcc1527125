import { asText, valueAt } from "../arm/json.ts";
import { keyOf } from "../arm/resourceId.ts";
import type { Store, StoredResource } from "../arm/store.ts";
import { VaultRefusal } from "./refusal.ts";

/** Built-in roles by the last part of their ids. */
const administrator = "00482a5a-887f-4fb3-b363-3b7fe8e74483";
const holders = {
  certificates: [administrator, "a4417e6f-fecd-4de8-b567-7b0420556985"],
  secrets: [administrator, "4633458b-17de-408a-b874-0445c86b69e6", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"],
} as const;

/** Refuses a principal that holds no role for that part of the vault, on it or on what contains it. */
export function checkRole(vault: StoredResource, principalId: string, part: keyof typeof holders, store: Store): void {
  if (valueAt(vault.body, "properties.enableRbacAuthorization") !== true) {
    throw new VaultRefusal(
      403,
      "Forbidden",
      `The user, group or application 'oid=${principalId}' has no access policy on key vault '${vault.name}'.`,
      { inner: "ForbiddenByPolicy" },
    );
  }
  const wanted: readonly string[] = holders[part];
  const allowed = store.ofType("Microsoft.Authorization/roleAssignments").some(({ body }) => {
    const text = (property: string) => (asText(valueAt(body, `properties.${property}`)) ?? "").toLowerCase();
    return (
      text("principalId") === principalId.toLowerCase() &&
      wanted.includes(text("roleDefinitionId").split("/").at(-1) ?? "") &&
      `${keyOf(vault.id)}/`.startsWith(`${keyOf(text("scope"))}/`)
    );
  });
  if (allowed) return;
  throw new VaultRefusal(
    403,
    "Forbidden",
    `Caller is not authorized to perform action on resource.\r\nCaller: oid=${principalId}\r\nVault: ${vault.name}`,
    { inner: "ForbiddenByRbac" },
  );
}
