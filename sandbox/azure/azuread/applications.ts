import { randomUUID } from "node:crypto";
import { asList, asObject, asText, type JsonObject } from "../arm/json.ts";
import {
  applications,
  type DirectoryType,
  graphError,
  objectsOf,
  refuseDuplicateName,
  servicePrincipals,
} from "./directoryType.ts";
import { GRAPH_APP_ID, graphRoles } from "./graphPrincipal.ts";

/** Applications, what they log on as, and whom they trust. */
export const applicationTypes: Readonly<Record<string, DirectoryType>> = {
  "azuread:index/application:Application": {
    type: applications,
    inputs: [
      "displayName",
      "description",
      "identifierUris",
      "notes",
      "owners",
      "preventDuplicateNames",
      "requiredResourceAccesses",
      "signInAudience",
      "tags",
    ],
    required: ["displayName"],
    replaceOn: ["templateId"],
    newId: (objectId) => `/applications/${objectId}`,
    check(context) {
      refuseDuplicateName(applications, context);
      for (const access of asList(context.inputs.requiredResourceAccesses).map(asObject)) checkAccess(access);
    },
    complete: ({ objectId, inputs, previous }) => ({
      objectId,
      clientId: previous?.clientId ?? randomUUID(),
      publisherDomain: "contoso.onmicrosoft.com",
      signInAudience: inputs.signInAudience ?? "AzureADMyOrg",
      disabledByMicrosoft: "",
      logoUrl: "",
      appRoleIds: {},
      oauth2PermissionScopeIds: {},
    }),
  },
  "azuread:index/servicePrincipal:ServicePrincipal": {
    type: servicePrincipals,
    inputs: [
      "clientId",
      "accountEnabled",
      "appRoleAssignmentRequired",
      "description",
      "notes",
      "owners",
      "tags",
      "useExisting",
    ],
    required: ["clientId"],
    replaceOn: ["clientId"],
    newId: (objectId) => `/servicePrincipals/${objectId}`,
    check({ inputs, store, id }) {
      const application = objectsOf(store, applications).find((object) => object.body.clientId === inputs.clientId);
      if (application === undefined) {
        throw graphError(
          400,
          "NoBackingApplicationObject",
          `The appId '${asText(inputs.clientId)}' of the service principal does not reference a valid application object.`,
        );
      }
      const other = objectsOf(store, servicePrincipals).find(
        (object) => object.body.clientId === inputs.clientId && object.id !== id,
      );
      if (other !== undefined) {
        throw graphError(
          409,
          "Request_MultipleObjectsWithSameKeyValue",
          `The service principal cannot be created because the service principal name ${asText(inputs.clientId)} is already in use.`,
        );
      }
    },
    complete: ({ objectId, inputs, store, cloud }) => {
      const application = objectsOf(store, applications).find((object) => object.body.clientId === inputs.clientId);
      return {
        objectId,
        displayName: application?.body.displayName ?? "",
        applicationTenantId: cloud.tenantId,
        servicePrincipalNames: [inputs.clientId ?? ""],
        signInAudience: application?.body.signInAudience ?? "AzureADMyOrg",
        type: "Application",
        accountEnabled: inputs.accountEnabled ?? true,
        redirectUris: [],
        appRoleIds: {},
        appRoles: [],
      };
    },
  },
  "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential": {
    type: "Microsoft.Graph/federatedIdentityCredentials",
    inputs: ["applicationId", "audiences", "description", "displayName", "issuer", "subject"],
    required: ["applicationId", "audiences", "displayName", "issuer", "subject"],
    replaceOn: ["applicationId", "displayName"],
    newId: (objectId, inputs) =>
      `${(asText(inputs.applicationId) ?? "").split("/").at(-1)}/federatedIdentityCredential/${objectId}`,
    check({ inputs, store, id }) {
      if (store.get(asText(inputs.applicationId) ?? "") === undefined) {
        throw graphError(404, "Request_ResourceNotFound", `Resource '${asText(inputs.applicationId)}' does not exist.`);
      }
      if (asList(inputs.audiences).length !== 1) throw new Error("exactly one audience must be given");
      const same = objectsOf(store, "Microsoft.Graph/federatedIdentityCredentials").filter(
        (object) => object.body.applicationId === inputs.applicationId && object.id !== id,
      );
      if (same.length >= 20)
        throw graphError(400, "Request_BadRequest", "An application takes at most 20 federated credentials.");
      if (same.some(({ body }) => body.issuer === inputs.issuer && body.subject === inputs.subject)) {
        throw graphError(
          409,
          "Request_MultipleObjectsWithSameKeyValue",
          "FederatedIdentityCredential with the same issuer and subject already exists.",
        );
      }
    },
    complete: ({ objectId }) => ({ credentialId: objectId }),
  },
};

/** Of the applications that publish permissions only Microsoft Graph is known. */
function checkAccess(access: JsonObject): void {
  if (access.resourceAppId !== GRAPH_APP_ID) {
    throw graphError(
      400,
      "Request_BadRequest",
      `The simulated tenant has no application '${asText(access.resourceAppId)}'.`,
    );
  }
  const known = new Set(Object.values(graphRoles));
  for (const { id, type } of asList(access.resourceAccesses).map(asObject)) {
    if (type === "Role" && known.has(asText(id) ?? "")) continue;
    throw graphError(400, "InvalidResourceAccess", `'${asText(id)}' is no application permission of Microsoft Graph.`);
  }
}
