import { randomUUID } from "node:crypto";
import type { ResourceType } from "../../arm/resourceType.ts";
import { any, computed, object, tags, text } from "../../arm/shape.ts";

export const userAssignedIdentity: ResourceType = {
  type: "Microsoft.ManagedIdentity/userAssignedIdentities",
  token: "azure-native:managedidentity:UserAssignedIdentity",
  apiVersion: "2023-01-31",
  otherApiVersions: ["2024-11-30"],
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
  autoname: "random",
  name: {
    minLength: 3,
    maxLength: 128,
    pattern: /^[A-Za-z0-9][-\w]*$/,
    meaning: "3 to 128 letters, digits, '-' or '_', starting with a letter or digit",
  },
  location: "regional",
  body: {
    tags: tags(),
    properties: object(
      { clientId: computed(text()), principalId: computed(text()), tenantId: computed(text()) },
      { flatten: true, readOnly: true },
    ),
    systemData: computed(any()),
  },
  replaceOn: ["location"],
  longRunning: false,
  hooks: {
    complete({ body, previous, cloud }) {
      body.properties = previous?.body.properties ?? {
        clientId: randomUUID(),
        principalId: randomUUID(),
        tenantId: cloud.tenantId,
      };
    },
  },
};
