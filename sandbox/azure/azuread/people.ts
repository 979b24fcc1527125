import { asText } from "../arm/json.ts";
import { USERS } from "../graph/users.ts";
import { type DirectoryType, graphError, groups, objectsOf, refuseDuplicateName } from "./directoryType.ts";

const members = "Microsoft.Graph/groupMembers";

/** Groups, users, and who is in which group. */
export const peopleTypes: Readonly<Record<string, DirectoryType>> = {
  "azuread:index/group:Group": {
    type: groups,
    inputs: [
      "displayName",
      "description",
      "securityEnabled",
      "mailEnabled",
      "mailNickname",
      "members",
      "owners",
      "preventDuplicateNames",
      "assignableToRole",
      "types",
      "visibility",
    ],
    required: ["displayName"],
    replaceOn: ["assignableToRole", "mailNickname", "types"],
    newId: (objectId) => `/groups/${objectId}`,
    check(context) {
      const { inputs } = context;
      if (inputs.securityEnabled !== true && inputs.mailEnabled !== true) {
        throw new Error("one of `mail_enabled,security_enabled` must be specified");
      }
      refuseDuplicateName(groups, context);
    },
    complete: ({ inputs, objectId, cloud, previous }) => ({
      objectId,
      // Without owners the caller is the only one.
      owners: inputs.owners ?? previous?.owners ?? [cloud.clientObjectId],
      members: inputs.members ?? previous?.members ?? [],
      mailNickname: inputs.mailNickname ?? previous?.mailNickname ?? objectId.slice(0, 11),
      mail: "",
      onpremisesSyncEnabled: false,
      onpremisesSamAccountName: "",
      proxyAddresses: [],
      visibility: inputs.visibility ?? "",
    }),
  },
  "azuread:index/groupMember:GroupMember": {
    type: members,
    inputs: ["groupObjectId", "memberObjectId"],
    required: ["groupObjectId", "memberObjectId"],
    replaceOn: ["groupObjectId", "memberObjectId"],
    newId: (_objectId, inputs) => `${asText(inputs.groupObjectId)}/member/${asText(inputs.memberObjectId)}`,
    check({ inputs, store, id }) {
      const group = store.get(`/groups/${asText(inputs.groupObjectId)}`);
      const member = ["users", "groups", "servicePrincipals"]
        .map((kind) => store.get(`/${kind}/${asText(inputs.memberObjectId)}`))
        .find((found) => found !== undefined);
      if (group === undefined || member === undefined) {
        const missing = group === undefined ? inputs.groupObjectId : inputs.memberObjectId;
        throw graphError(404, "Request_ResourceNotFound", `Resource '${asText(missing)}' does not exist.`);
      }
      if (store.get(id) !== undefined) {
        throw new Error(
          `A resource with the ID "${id}" already exists - to be managed via this provider this resource needs to be imported into the State.`,
        );
      }
    },
    complete: () => ({}),
  },
  "azuread:index/user:User": {
    type: USERS,
    inputs: [
      "userPrincipalName",
      "displayName",
      "mailNickname",
      "accountEnabled",
      "password",
      "forcePasswordChange",
      "disablePasswordExpiration",
      "disableStrongPassword",
      "mobilePhone",
      "usageLocation",
      "jobTitle",
    ],
    required: ["userPrincipalName", "displayName"],
    replaceOn: [],
    secrets: ["password"],
    newId: (objectId) => `/users/${objectId}`,
    check({ inputs, previous, store, id }) {
      const principal = asText(inputs.userPrincipalName) ?? "";
      if (!/^[A-Za-z0-9'._!#^~-]+@[A-Za-z0-9.-]+$/.test(principal)) {
        throw graphError(400, "Request_BadRequest", `Property userPrincipalName is invalid.`);
      }
      const other = objectsOf(store, USERS).find(
        ({ id: its, body }) => its !== id && asText(body.userPrincipalName)?.toLowerCase() === principal.toLowerCase(),
      );
      if (other !== undefined) {
        throw graphError(
          400,
          "Request_BadRequest",
          "Another object with the same value for property userPrincipalName already exists.",
        );
      }
      if (previous === undefined && inputs.password === undefined) {
        throw new Error("`password` is required when creating a new user");
      }
      if (inputs.password !== undefined && (asText(inputs.password) ?? "").length < 8) {
        throw graphError(
          400,
          "Request_BadRequest",
          "The specified password does not comply with password complexity requirements.",
        );
      }
    },
    complete: ({ inputs, objectId }) => ({
      objectId,
      mailNickname: inputs.mailNickname ?? asText(inputs.userPrincipalName)?.split("@")[0] ?? "",
      accountEnabled: inputs.accountEnabled ?? true,
      onpremisesSyncEnabled: false,
      onpremisesSamAccountName: "",
      onpremisesDomainName: "",
      onpremisesSecurityIdentifier: "",
      onpremisesImmutableId: "",
      userType: "Member",
    }),
  },
};
