import { badRequest, invalidParameter } from "../../arm/errors.ts";
import { asList, asObject, valueAt } from "../../arm/json.ts";
import type { ResourceType } from "../../arm/resourceType.ts";
import { any, choice, computed, flag, integer, list, object, tags, text } from "../../arm/shape.ts";
import { recoverDeleted, rememberDeleted } from "../../keyVault/deletedVaults.ts";
import { vaultUriOf } from "../../keyVault/vaultUri.ts";

const permissions = () => list(text());

const type = "Microsoft.KeyVault/vaults";

/** The control plane of a key vault. A deleted one keeps its name and its content until it is recovered. */
export const vault: ResourceType = {
  type,
  token: "azure-native:keyvault:Vault",
  apiVersion: "2024-11-01",
  otherApiVersions: ["2023-07-01"],
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.KeyVault/vaults/{vaultName}",
  autoname: "random",
  name: {
    minLength: 3,
    maxLength: 24,
    pattern: /^[A-Za-z](?!.*--)[-A-Za-z0-9]*[A-Za-z0-9]$/,
    meaning: "3 to 24 letters, digits or '-', starting with a letter, ending with a letter or digit, without '--'",
  },
  location: "regional",
  body: {
    tags: tags(),
    properties: object(
      {
        tenantId: text({ required: true }),
        sku: object(
          { family: choice(["A"], { required: true }), name: choice(["standard", "premium"], { required: true }) },
          { required: true },
        ),
        accessPolicies: list(
          object({
            tenantId: text({ required: true }),
            objectId: text({ required: true }),
            applicationId: text(),
            permissions: object(
              { keys: permissions(), secrets: permissions(), certificates: permissions(), storage: permissions() },
              { required: true },
            ),
          }),
          { maxItems: 1024, default: [] },
        ),
        enabledForDeployment: flag({ default: false }),
        enabledForDiskEncryption: flag(),
        enabledForTemplateDeployment: flag(),
        enableSoftDelete: flag({ default: true }),
        softDeleteRetentionInDays: integer({ minimum: 7, maximum: 90, default: 90 }),
        enableRbacAuthorization: flag({ default: false }),
        enablePurgeProtection: flag(),
        publicNetworkAccess: choice(["Enabled", "Disabled"], { default: "Enabled" }),
        // Kept and shown; nobody is kept out, because everybody comes from loopback here.
        networkAcls: object({
          bypass: choice(["AzureServices", "None"]),
          defaultAction: choice(["Allow", "Deny"]),
          ipRules: list(object({ value: text({ required: true }) })),
          virtualNetworkRules: list(object({ id: text({ required: true }) })),
        }),
        createMode: choice(["default", "recover"], { writeOnly: true }),
        vaultUri: computed(text()),
        provisioningState: computed(text()),
      },
      { required: true },
    ),
    systemData: computed(any()),
  },
  replaceOn: ["location"],
  longRunning: false,
  hooks: {
    check(context) {
      const { id, body, previous, store, cloud, parsed } = context;
      if (valueAt(body, "properties.enablePurgeProtection") === false) {
        throw badRequest(
          "BadRequest",
          'The property "enablePurgeProtection" cannot be set to false.',
          "enablePurgeProtection",
        );
      }
      if (
        valueAt(previous?.body, "properties.enablePurgeProtection") === true &&
        valueAt(body, "properties.enablePurgeProtection") !== true
      ) {
        throw badRequest("BadRequest", "Purge protection cannot be turned off.", "enablePurgeProtection");
      }
      if (valueAt(body, "properties.enableSoftDelete") === false) {
        throw badRequest("BadRequest", "Soft delete cannot be turned off.", "enableSoftDelete");
      }
      for (const policy of asList(valueAt(body, "properties.accessPolicies"))) {
        if (valueAt(policy, "tenantId") !== cloud.tenantId) {
          throw invalidParameter("accessPolicies", "An access policy must be of the vault's tenant.");
        }
      }
      const name = parsed.names.at(-1)?.toLowerCase();
      const other = store.ofType(type).find((v) => v.name.toLowerCase() === name);
      if (other !== undefined && other.id.toLowerCase() !== id.toLowerCase()) {
        throw badRequest("VaultAlreadyExists", `The vault name '${name}' is already in use; vault names are global.`);
      }
      if (previous === undefined) recoverDeleted(context);
    },
    deleted: rememberDeleted,
    view({ name }, body, { cloud }) {
      asObject(body.properties).vaultUri = vaultUriOf(name, cloud);
    },
  },
};
