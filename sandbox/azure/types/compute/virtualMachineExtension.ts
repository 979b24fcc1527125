import { ArmError, badRequest, conflict } from "../../arm/errors.ts";
import { asText, isEqual, valueAt } from "../../arm/json.ts";
import { parentOf, sameId } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, computed, object, tags } from "../../arm/shape.ts";
import { childrenOf } from "../../arm/view.ts";
import { computeVersions } from "../versions.ts";
import { joinDomain } from "./domainJoin.ts";
import { extensionFields } from "./extensionFields.ts";
import { deliverCertificates } from "./keyVaultForWindows.ts";

const type = "Microsoft.Compute/virtualMachines/extensions";

/** Extensions that the simulator runs, with the versions it knows. */
const known: Record<string, { versions: readonly string[]; run(context: RuleContext): Promise<void> }> = {
  "microsoft.compute/jsonaddomainextension": { versions: ["1.0", "1.1", "1.2", "1.3"], run: joinDomain },
  "microsoft.azure.keyvault/keyvaultforwindows": { versions: ["1.0", "2.0", "3.0"], run: deliverCertificates },
};

export const virtualMachineExtension: ResourceType = {
  type,
  token: "azure-native:compute:VirtualMachineExtension",
  apiVersion: "2024-11-01",
  otherApiVersions: computeVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/extensions/{vmExtensionName}",
  autoname: "random",
  name: {
    minLength: 1,
    maxLength: 80,
    pattern: /^[A-Za-z0-9][-\w.]*$/,
    meaning: "1 to 80 letters, digits, '-', '_' or '.', starting with a letter or digit",
  },
  location: "regional",
  body: {
    tags: tags(),
    properties: object(extensionFields, { flatten: true, required: true }),
    systemData: computed(any()),
  },
  replaceOn: ["location"],
  longRunning: true,
  hooks: {
    check(context) {
      const { body, previous } = context;
      const handler = handlerOf(context);
      for (const property of ["publisher", "type"]) {
        const before = valueAt(previous?.body, `properties.${property}`);
        if (before !== undefined && !isEqual(before, valueAt(body, `properties.${property}`))) {
          throw conflict("PropertyChangeNotAllowed", `Changing property '${property}' is not allowed.`, property);
        }
      }
      onlyOneOfItsType(context);
      const version = asText(valueAt(body, "properties.typeHandlerVersion")) ?? "";
      if (!handler.versions.includes(version.split(".").slice(0, 2).join("."))) {
        throw badRequest(
          "VMExtensionHandlerNotFound",
          `The handler ${describe(context)} with version '${version}' was not found in the extension repository.`,
          "typeHandlerVersion",
        );
      }
    },
    async provision(context) {
      if (!mustRun(context)) return;
      await handlerOf(context).run(context);
    },
  },
};

function describe({ body }: RuleContext): string {
  return `'${asText(valueAt(body, "properties.publisher"))}.${asText(valueAt(body, "properties.type"))}'`;
}

function handlerOf(context: RuleContext) {
  const { body } = context;
  const key =
    `${asText(valueAt(body, "properties.publisher"))}/${asText(valueAt(body, "properties.type"))}`.toLowerCase();
  const handler = known[key];
  if (handler !== undefined) return handler;
  throw new ArmError(
    404,
    "ArtifactNotFound",
    `The VM extension ${describe(context)} could not be found. (The simulator knows ${Object.keys(known).join(", ")}.)`,
  );
}

/** A virtual machine takes one extension of a publisher and type. */
function onlyOneOfItsType({ id, body, store }: RuleContext): void {
  for (const other of childrenOf(store, parentOf(id) ?? "", type)) {
    if (sameId(other.id, id)) continue;
    const same = ["publisher", "type"].every(
      (property) =>
        asText(valueAt(other.body, `properties.${property}`))?.toLowerCase() ===
        asText(valueAt(body, `properties.${property}`))?.toLowerCase(),
    );
    if (same) {
      throw conflict(
        "OperationNotAllowed",
        `Multiple VMExtensions per handler are not supported for OS type 'Windows': '${other.name}' is already there.`,
      );
    }
  }
}

/** An extension runs again when its settings or its forceUpdateTag changed, or when it failed before. */
function mustRun({ body, previous }: RuleContext): boolean {
  if (previous === undefined || valueAt(previous.body, "properties.provisioningState") === "Failed") return true;
  const changed = ["settings", "forceUpdateTag"].some(
    (property) => !isEqual(valueAt(body, `properties.${property}`), valueAt(previous.body, `properties.${property}`)),
  );
  return changed;
}
