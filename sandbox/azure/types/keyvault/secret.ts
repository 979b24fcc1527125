import { randomBytes } from "node:crypto";
import { asObject } from "../../arm/json.ts";
import { parentOf } from "../../arm/resourceId.ts";
import type { ResourceType } from "../../arm/resourceType.ts";
import { computed, flag, integer, object, tags, text } from "../../arm/shape.ts";
import { vaultUriOf } from "../../keyVault/vaultUri.ts";

/** A secret as the control plane sees it: its value goes in and never comes out. */
export const secret: ResourceType = {
  type: "Microsoft.KeyVault/vaults/secrets",
  token: "azure-native:keyvault:Secret",
  apiVersion: "2024-11-01",
  otherApiVersions: ["2023-07-01"],
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}",
  autoname: "random",
  name: {
    minLength: 1,
    maxLength: 127,
    pattern: /^[-A-Za-z0-9]+$/,
    meaning: "1 to 127 letters, digits or '-'",
  },
  location: "none",
  body: {
    location: computed(text()),
    tags: tags(),
    properties: object(
      {
        value: text({ writeOnly: true, maxLength: 25600 }),
        contentType: text(),
        attributes: object({
          enabled: flag({ default: true }),
          exp: integer({ sdkName: "expires" }),
          nbf: integer({ sdkName: "notBefore" }),
        }),
        secretUri: computed(text()),
        secretUriWithVersion: computed(text()),
      },
      { required: true },
    ),
  },
  replaceOn: [],
  longRunning: false,
  hooks: {
    complete({ id, body, store, parsed, cloud }) {
      const vault = store.get(parentOf(id) ?? "");
      const uri = `${vaultUriOf(vault?.name ?? "", cloud)}secrets/${parsed.names.at(-1)}`;
      const properties = asObject(body.properties);
      properties.secretUri = uri;
      properties.secretUriWithVersion = `${uri}/${randomBytes(16).toString("hex")}`;
      if (vault?.body.location !== undefined) body.location = vault.body.location;
    },
  },
};
