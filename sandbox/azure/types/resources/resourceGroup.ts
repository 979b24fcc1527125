import type { ResourceType } from "../../arm/resourceType.ts";
import { computed, object, tags, text } from "../../arm/shape.ts";

export const resourceGroup: ResourceType = {
  type: "Microsoft.Resources/resourceGroups",
  token: "azure-native:resources:ResourceGroup",
  apiVersion: "2024-03-01",
  otherApiVersions: ["2021-04-01", "2022-09-01", "2023-07-01", "2024-07-01", "2024-11-01", "2025-03-01", "2025-04-01"],
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
  autoname: "random",
  name: {
    minLength: 1,
    maxLength: 90,
    pattern: /^[-\w.()\p{L}\p{N}]*[-\w()\p{L}\p{N}]$/u,
    meaning: "1 to 90 letters, digits, '_', '-', '.', '(' or ')', not ending in '.'",
  },
  location: "regional",
  body: {
    tags: tags(),
    managedBy: text({ createOnly: true }),
    properties: object({ provisioningState: computed(text()) }, { readOnly: true }),
  },
  replaceOn: ["location"],
  longRunning: false,
  longDelete: true,
  hooks: {
    complete({ body }) {
      body.properties = { provisioningState: "Succeeded" };
    },
  },
};
