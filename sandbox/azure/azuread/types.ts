import { randomUUID } from "node:crypto";
import { asList, asText, type JsonObject } from "../arm/json.ts";
import type { CloudSettings } from "../arm/resourceType.ts";
import type { Store, StoredResource } from "../arm/store.ts";

/** What a rule of a directory object sees. */
export interface DirectoryContext {
  inputs: JsonObject;
  /** Outputs before; absent on create. */
  previous: JsonObject | undefined;
  id: string;
  objectId: string;
  store: Store;
  cloud: CloudSettings;
}

/** One type of the azuread provider. */
export interface DirectoryType {
  /** Type in the store. */
  type: string;
  inputs: readonly string[];
  required: readonly string[];
  replaceOn: readonly string[];
  /** A new object's id in the form of the provider. */
  newId(objectId: string, inputs: JsonObject): string;
  /** Refuses what Graph refuses. */
  check?(context: DirectoryContext): void;
  /** Outputs beside the inputs. */
  complete(context: DirectoryContext): JsonObject;
}

const graphError = (status: number, code: string, message: string): Error =>
  new Error(`unexpected status ${status} with OData error: ${code}: ${message}`);

export function objectsOf(store: Store, type: string): StoredResource[] {
  return store.ofType(type);
}

const groups = "Microsoft.Graph/groups";
const applications = "Microsoft.Graph/applications";
const servicePrincipals = "Microsoft.Graph/servicePrincipals";

function refuseDuplicateName(type: string, { inputs, store, id }: DirectoryContext): void {
  if (inputs.preventDuplicateNames !== true) return;
  const other = objectsOf(store, type).find(
    (object) => object.body.displayName === inputs.displayName && object.id !== id,
  );
  if (other !== undefined) {
    throw new Error(
      `A resource with the ID "${other.id}" already exists - to be managed via this provider this resource needs to be imported into the State.`,
    );
  }
}

export const directoryTypes: Readonly<Record<string, DirectoryType>> = {
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
  "azuread:index/application:Application": {
    type: applications,
    inputs: [
      "displayName",
      "description",
      "identifierUris",
      "notes",
      "owners",
      "preventDuplicateNames",
      "signInAudience",
      "tags",
    ],
    required: ["displayName"],
    replaceOn: ["templateId"],
    newId: (objectId) => `/applications/${objectId}`,
    check: (context) => refuseDuplicateName(applications, context),
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
