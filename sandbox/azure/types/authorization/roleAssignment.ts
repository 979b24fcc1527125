import { ArmError, badRequest, conflict } from "../../arm/errors.ts";
import { asObject, asText, isEqual, valueAt } from "../../arm/json.ts";
import { sameId } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { choice, computed, object, text } from "../../arm/shape.ts";
import type { Store } from "../../arm/store.ts";

const type = "Microsoft.Authorization/roleAssignments";
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const roleAssignment: ResourceType = {
  type,
  token: "azure-native:authorization:RoleAssignment",
  apiVersion: "2022-04-01",
  otherApiVersions: [],
  path: "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
  autoname: "uuid",
  name: { minLength: 36, maxLength: 36, pattern: guid, meaning: "a GUID" },
  location: "none",
  body: {
    properties: object(
      {
        principalId: text({ required: true, pattern: guid }),
        roleDefinitionId: text({ required: true }),
        principalType: choice(["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]),
        description: text(),
        condition: text(),
        conditionVersion: choice(["2.0"]),
        delegatedManagedIdentityResourceId: text(),
        scope: computed(text()),
        createdOn: computed(text()),
        updatedOn: computed(text()),
        createdBy: computed(text()),
        updatedBy: computed(text()),
      },
      { flatten: true, required: true },
    ),
  },
  replaceOn: ["principalId", "scope"],
  longRunning: false,
  hooks: {
    check(context) {
      refuseUpdate(context);
      checkScope(context);
      checkPrincipal(context);
      checkDuplicate(context);
    },
    complete({ body, parsed, previous, cloud, now }) {
      const properties = asObject(body.properties);
      properties.scope = parsed.scope;
      properties.createdOn = valueAt(previous?.body, "properties.createdOn") ?? now().toISOString();
      properties.createdBy = valueAt(previous?.body, "properties.createdBy") ?? cloud.clientObjectId;
      properties.updatedOn = now().toISOString();
      properties.updatedBy = cloud.clientObjectId;
    },
  },
};

/** ARM lets no property of an assignment change. */
function refuseUpdate({ body, previous }: RuleContext): void {
  if (previous === undefined) return;
  for (const property of ["principalId", "roleDefinitionId", "principalType"]) {
    const before = valueAt(previous.body, `properties.${property}`);
    if (!isEqual(before, valueAt(body, `properties.${property}`))) {
      throw badRequest(
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      );
    }
  }
}

function checkScope({ parsed, store }: RuleContext): void {
  const scope = parsed.scope;
  if (/^\/subscriptions\/[^/]+$/i.test(scope) || store.get(scope) !== undefined) return;
  throw new ArmError(404, "ResourceNotFound", `The scope '${scope}' was not found.`);
}

/** A principal that the directory does not know yet is accepted only with its type. */
function checkPrincipal({ body, store, cloud }: RuleContext): void {
  const principal = asText(valueAt(body, "properties.principalId")) ?? "";
  const principalType = valueAt(body, "properties.principalType");
  if (principalType === "ServicePrincipal" || principal === cloud.clientObjectId) return;
  if (knownPrincipals(store).has(principal.toLowerCase())) return;
  throw badRequest(
    "PrincipalNotFound",
    `Principal ${principal} does not exist in the directory ${cloud.tenantId}. If it was just created, set principalType to ServicePrincipal.`,
    "principalId",
  );
}

function knownPrincipals(store: Store): Set<string> {
  const ids = store
    .all()
    .flatMap((resource) => [
      asText(valueAt(resource.body, "identity.principalId")) ?? "",
      asText(valueAt(resource.body, "properties.principalId")) ?? "",
      asText(resource.body.objectId) ?? "",
    ]);
  return new Set(ids.map((id) => id.toLowerCase()));
}

function checkDuplicate({ id, body, parsed, store }: RuleContext): void {
  for (const other of store.ofType(type)) {
    if (sameId(other.id, id)) continue;
    const same =
      sameId(asText(valueAt(other.body, "properties.scope")), parsed.scope) &&
      ["principalId", "roleDefinitionId"].every(
        (property) =>
          asText(valueAt(other.body, `properties.${property}`))?.toLowerCase() ===
          asText(valueAt(body, `properties.${property}`))?.toLowerCase(),
      );
    if (same)
      throw conflict(
        "RoleAssignmentExists",
        `The role assignment already exists. The ID of the existing role assignment is ${other.name}.`,
      );
  }
}
