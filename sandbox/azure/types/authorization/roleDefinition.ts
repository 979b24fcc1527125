import { ArmError, badRequest, conflict } from "../../arm/errors.ts";
import { asList, asObject, asText, valueAt } from "../../arm/json.ts";
import { sameId } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, choice, computed, list, object, text } from "../../arm/shape.ts";

const type = "Microsoft.Authorization/roleDefinitions";
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A role of the organisation's own. The built-in ones are not resources here: an assignment takes any id. */
export const roleDefinition: ResourceType = {
  type,
  token: "azure-native:authorization:RoleDefinition",
  apiVersion: "2022-05-01-preview",
  otherApiVersions: ["2022-04-01"],
  path: "/{scope}/providers/Microsoft.Authorization/roleDefinitions/{roleDefinitionId}",
  autoname: "uuid",
  name: { minLength: 36, maxLength: 36, pattern: guid, meaning: "a GUID" },
  location: "none",
  body: {
    properties: object(
      {
        roleName: text({ maxLength: 512 }),
        description: text({ maxLength: 2048 }),
        type: choice(["CustomRole"], { sdkName: "roleType" }),
        permissions: list(
          object({
            actions: list(text()),
            notActions: list(text()),
            dataActions: list(text()),
            notDataActions: list(text()),
          }),
        ),
        assignableScopes: list(text()),
        createdOn: computed(text()),
        updatedOn: computed(text()),
        createdBy: computed(text()),
        updatedBy: computed(text()),
      },
      { flatten: true },
    ),
    systemData: computed(any()),
  },
  replaceOn: [],
  longRunning: false,
  hooks: {
    check(context) {
      checkScopes(context);
      checkPermissions(context);
      checkName(context);
    },
    complete({ body, previous, cloud, now }) {
      const properties = asObject(body.properties);
      properties.type = "CustomRole";
      properties.createdOn = valueAt(previous?.body, "properties.createdOn") ?? now().toISOString();
      properties.createdBy = valueAt(previous?.body, "properties.createdBy") ?? cloud.clientObjectId;
      properties.updatedOn = now().toISOString();
      properties.updatedBy = cloud.clientObjectId;
    },
    checkDelete({ id, name }, { store }) {
      const used = store
        .ofType("Microsoft.Authorization/roleAssignments")
        .some(({ body }) => sameId(asText(valueAt(body, "properties.roleDefinitionId")), id));
      if (used)
        throw conflict("RoleDefinitionHasAssignments", `There are existing role assignments referencing role ${name}.`);
    },
  },
};

function checkScopes({ body, store }: RuleContext): void {
  const scopes = asList(valueAt(body, "properties.assignableScopes")).map((scope) => asText(scope) ?? "");
  if (scopes.length === 0) {
    throw badRequest("MissingAssignableScopes", "The role definition has no assignable scopes.", "assignableScopes");
  }
  for (const scope of scopes) {
    if (/^\/subscriptions\/[^/]+$/i.test(scope) || store.get(scope) !== undefined) continue;
    throw new ArmError(400, "LinkedInvalidPropertyId", `The assignable scope '${scope}' was not found.`);
  }
}

/** `*` for a whole part of an action, or `provider/type/.../read|write|delete|action`. */
function checkPermissions({ body }: RuleContext): void {
  const permissions = asList(valueAt(body, "properties.permissions")).map(asObject);
  const actions = permissions.flatMap(({ actions }) => asList(actions)).map((action) => asText(action) ?? "");
  if (actions.length === 0) throw badRequest("MissingActions", "The role definition has no actions.", "permissions");
  const wrong = actions.find((action) => !/^(\*|[\w.]+(\/([\w]+|\*))+)$/.test(action));
  if (wrong !== undefined) {
    throw badRequest(
      "InvalidActionOrNotAction",
      `'${wrong}' does not match any of the actions supported by the providers.`,
    );
  }
}

/** Names of custom roles are unique in the tenant. */
function checkName({ id, body, store }: RuleContext): void {
  const name = asText(valueAt(body, "properties.roleName"));
  if (name === undefined) throw badRequest("MissingRoleName", "The role definition has no name.", "roleName");
  const other = store
    .ofType(type)
    .find((each) => !sameId(each.id, id) && asText(valueAt(each.body, "properties.roleName")) === name);
  if (other !== undefined) {
    throw conflict(
      "RoleDefinitionWithSameNameExists",
      `A custom role with the same name '${name}' already exists in this directory.`,
    );
  }
}
