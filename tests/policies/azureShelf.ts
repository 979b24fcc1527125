/**
 * Azure as a shelf: it keeps what it is given, and answers with the ids, names and keys that ARM would give. For programs of other teams,
 * which use resources that the sandbox's cloud does not have.
 */
import type { ProviderHandlers } from "../../provider/engine/handlers.ts";
import { type Properties, Secret } from "../../provider/engine/values.ts";

const subscription = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590";
const group = `${subscription}/resourceGroups/rg`;

/** What ARM makes of a resource beside its inputs. */
function answers(type: string, name: string, inputs: Properties): Properties {
  const id = idOf(type, name);
  switch (type.split(":").at(-1)) {
    case "VirtualNetwork":
      return { subnets: listOf(inputs.subnets).map((each) => ({ ...each, id: `${id}/subnets/${String(each.name)}` })) };
    case "PublicIPAddress":
      return { ipAddress: "203.0.113.20" };
    case "WebApp":
      return { defaultHostName: `${name}.azurewebsites.net` };
    case "Component":
      return { instrumentationKey: "6c1a52b8-3f4e-4a0c-8a55-9b1d3e2f7a10" };
    case "UserAssignedIdentity":
      return { principalId: "91f3d2a4-6b7c-4d8e-9f01-2a3b4c5d6e7f" };
    case "Workspace":
      return { identity: { type: "SystemAssigned", principalId: "4e5f6a7b-8c9d-4e0f-a1b2-c3d4e5f6a7b8" } };
    default:
      return {};
  }
}

/** What ARM says when it is asked for something, by the last part of the function's name. */
const functions: Readonly<Record<string, Properties>> = {
  getClientConfig: {
    clientId: "c",
    objectId: "0d9c8b7a-6f5e-4d3c-b2a1-908f7e6d5c4b",
    subscriptionId: subscription.split("/").at(-1) ?? "",
    tenantId: "7b5a1c1e-3a52-4c39-8f0e-9d4f1a0c2b33",
  },
  listStorageAccountServiceSAS: { serviceSasToken: "sv=2024&sig=of-the-test" },
  listManagedClusterAdminCredentials: {
    kubeconfigs: [{ name: "admin", value: new Secret(Buffer.from("apiVersion: v1").toString("base64")) }],
  },
};

export const azureShelf: ProviderHandlers<object> = {
  configure: () => ({}),
  invoke({ token }) {
    const result = functions[token.split(":").at(-1) ?? ""];
    if (result === undefined) throw new Error(`the shelf does not know ${token}`);
    return { result };
  },
  create({ type, name, inputs, preview }) {
    // What a preview does not say, the engine takes for unknown.
    if (preview) return { id: "", outputs: inputs };
    return { id: idOf(type, name), outputs: { ...inputs, name: inputs.name ?? name, ...answers(type, name, inputs) } };
  },
  read: ({ id, inputs, outputs }) => ({ id, inputs: inputs ?? {}, outputs: outputs ?? {} }),
  update: ({ newInputs }) => newInputs,
  delete: () => undefined,
};

function idOf(type: string, name: string): string {
  const [, module = "", kind] = type.split(":");
  if (kind === "ResourceGroup") return `${subscription}/resourceGroups/${name}`;
  return `${group}/providers/Microsoft.${module.split("/")[0]}/${kind}/${name}`;
}

function listOf(value: unknown): Properties[] {
  return Array.isArray(value) ? value : [];
}
