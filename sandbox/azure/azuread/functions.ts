import type { Properties } from "../../../provider/engine/values.ts";
import type { JsonObject } from "../arm/json.ts";
import type { CloudSettings } from "../arm/resourceType.ts";
import type { Store } from "../arm/store.ts";
import { USERS } from "../graph/users.ts";
import { groups, objectsOf, servicePrincipals } from "./directoryType.ts";
import { GRAPH_APP_ID, graphRoles } from "./graphPrincipal.ts";

type Reader = (args: JsonObject, tenant: { store: Store; cloud: CloudSettings }) => Properties;

/** The provider's functions (data sources) by token. */
export const azureadFunctions: Readonly<Record<string, Reader>> = {
  "azuread:index/getClientConfig:getClientConfig": (_args, { cloud }) => {
    const { clientId, clientObjectId: objectId, tenantId } = cloud;
    return { clientId, objectId, tenantId, id: objectId };
  },
  "azuread:index/getGroup:getGroup": (args, { store }) =>
    onlyOne(store, groups, "group", args, ["objectId", "displayName", "mailNickname"]),
  "azuread:index/getUser:getUser": (args, { store }) =>
    onlyOne(store, USERS, "user", args, ["objectId", "userPrincipalName", "mailNickname"]),
  "azuread:index/getServicePrincipal:getServicePrincipal": (args, { store }) =>
    args.clientId === GRAPH_APP_ID
      ? { id: GRAPH_APP_ID, clientId: GRAPH_APP_ID, displayName: "Microsoft Graph", appRoleIds: { ...graphRoles } }
      : onlyOne(store, servicePrincipals, "service principal", args, ["objectId", "clientId", "displayName"]),
};

function onlyOne(store: Store, type: string, what: string, args: JsonObject, keys: readonly string[]): Properties {
  const key = keys.find((name) => args[name] !== undefined);
  const found = objectsOf(store, type).filter(({ body }) => key !== undefined && same(body[key], args[key]));
  const filter = `${key} eq '${String(args[key ?? ""])}'`;
  const [one] = found;
  if (one === undefined) throw new Error(`No ${what} found matching specified filter (${filter})`);
  if (found.length > 1) throw new Error(`Found multiple ${what}s matching specified filter (${filter})`);
  return { ...(one.body as Properties), id: one.id };
}

/** Names of people and groups are compared without case. */
function same(one: unknown, other: unknown): boolean {
  return String(one).toLowerCase() === String(other).toLowerCase();
}
