import { randomUUID } from "node:crypto";
import { ArmError } from "../../arm/errors.ts";
import { asList, asObject, asText, type Json, type JsonObject, setAt, valueAt } from "../../arm/json.ts";
import type { ActionContext, CloudSettings, Effects, ResourceType, RuleContext } from "../../arm/resourceType.ts";
import type { Store, StoredResource } from "../../arm/store.ts";
import { childrenOf } from "../../arm/view.ts";
import { configurationsOf } from "../network/networkInterface.ts";
import { computeVersions } from "../versions.ts";
import { checkMachine, imageOf } from "./machineRules.ts";
import { machineBody } from "./machineShape.ts";

const extensions = "Microsoft.Compute/virtualMachines/extensions";

export const virtualMachine: ResourceType = {
  type: "Microsoft.Compute/virtualMachines",
  token: "azure-native:compute:VirtualMachine",
  apiVersion: "2024-11-01",
  otherApiVersions: computeVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}",
  autoname: "random",
  name: {
    minLength: 1,
    maxLength: 64,
    pattern: /^[^_\W](?:[^\\/"'[\]:|<>+=;,?*@&\s]*[^.\-\\/"'[\]:|<>+=;,?*@&\s])?$/,
    meaning:
      "1 to 64 characters without any of \\/\"'[]:|<>+=;,?*@& or blanks, not starting with '_', not ending in '.' or '-'",
  },
  location: "regional",
  body: machineBody,
  replaceOn: ["location"],
  longRunning: true,
  etag: true,
  hooks: {
    check: checkMachine,
    complete(context) {
      completeStorage(context);
      completeIdentity(context);
      const properties = asObject(context.body.properties);
      properties.vmId = valueAt(context.previous?.body, "properties.vmId") ?? randomUUID();
      properties.timeCreated = valueAt(context.previous?.body, "properties.timeCreated") ?? context.now().toISOString();
      context.internal.powerState ??= "running";
    },
    async provision({ body, previous, store, cloud, effects, internal }) {
      if (previous !== undefined && internal.startedOnHost === true) return;
      if (!isHost(body, store, cloud) || effects.host === undefined) return;
      await effects.host.powerOn({
        vmId: asText(valueAt(body, "properties.vmId")) ?? "",
        computerName: computerNameOf(body),
        adminUsername: asText(valueAt(body, "properties.osProfile.adminUsername")) ?? "",
      });
      internal.startedOnHost = true;
    },
    async deprovision(resource, { store, effects }) {
      if (resource.internal.startedOnHost === true) await effects.host?.powerOff();
      deleteAttached(resource, store);
    },
    view(resource, body, { store, expand }) {
      const attached = childrenOf(store, resource.id, extensions);
      if (attached.length > 0) {
        body.resources = attached.map((extension) => ({
          id: extension.id,
          name: extension.name,
          type: extension.type,
          ...structuredClone(extension.body),
        }));
      }
      if (expand.includes("instanceview")) setAt(body, "properties.instanceView", instanceView(resource));
    },
    actions: {
      start: (_, context) => setPower(context, "running"),
      powerOff: (_, context) => setPower(context, "stopped"),
      deallocate: (_, context) => setPower(context, "deallocated"),
      restart: async (_, { resource, effects }) => {
        if (resource.internal.startedOnHost === true) await effects.host?.restart();
        return undefined;
      },
      runCommand: runActionCommand,
    },
  },
};

/** The machine whose guest the sandbox simulates: the one with the host's private address. */
export function isHost(machineBody: JsonObject, store: Store, cloud: CloudSettings): boolean {
  return (
    cloud.hostPrivateIpAddress !== undefined &&
    privateAddresses(machineBody, store).includes(cloud.hostPrivateIpAddress)
  );
}

export function privateAddresses(machineBody: JsonObject, store: Store): string[] {
  return interfacesOf(machineBody, store)
    .flatMap((nic) => configurationsOf(nic.body))
    .flatMap((configuration) => asText(valueAt(configuration, "properties.privateIPAddress")) ?? []);
}

export function interfacesOf(machineBody: JsonObject, store: Store): StoredResource[] {
  return asList(valueAt(machineBody, "properties.networkProfile.networkInterfaces")).flatMap(
    (nic) => store.get(asText(valueAt(nic, "id")) ?? "") ?? [],
  );
}

export function computerNameOf(machineBody: JsonObject): string {
  return asText(valueAt(machineBody, "properties.osProfile.computerName")) ?? "";
}

/** `latest` is resolved when the machine is created; the OS disk gets a name and an id. */
function completeStorage(context: RuleContext): void {
  const { body, id, parsed } = context;
  const image = valueAt(body, "properties.storageProfile.imageReference");
  if (image !== undefined) {
    const version = asText(valueAt(image, "version"));
    const resolved = version === "latest" ? imageOf(context)?.latest : version;
    const exact = valueAt(context.previous?.body, "properties.storageProfile.imageReference.exactVersion") ?? resolved;
    if (exact !== undefined) asObject(image).exactVersion = exact;
  }
  const disk = asObject(valueAt(body, "properties.storageProfile.osDisk"));
  disk.osType ??= "Windows";
  disk.name ??= `${parsed.names.at(-1)}_OsDisk_1_${randomUUID().replaceAll("-", "")}`;
  disk.diskSizeGB ??= 127;
  disk.caching ??= "ReadWrite";
  const managed = asObject(disk.managedDisk);
  managed.storageAccountType ??= "Premium_LRS";
  const group = id.slice(0, id.toLowerCase().indexOf("/providers/"));
  managed.id ??= `${group}/providers/Microsoft.Compute/disks/${asText(disk.name)}`;
  disk.managedDisk = managed;
  setAt(body, "properties.storageProfile.osDisk", disk);
}

function completeIdentity({ body, previous, cloud }: RuleContext): void {
  const identity = body.identity;
  if (identity === undefined) return;
  if (asText(valueAt(identity, "type"))?.includes("SystemAssigned")) {
    asObject(identity).principalId = valueAt(previous?.body, "identity.principalId") ?? randomUUID();
    asObject(identity).tenantId = cloud.tenantId;
  }
}

/** Interfaces that were attached with deleteOption Delete go with the machine. */
function deleteAttached(machine: StoredResource, store: Store): void {
  for (const nic of asList(valueAt(machine.body, "properties.networkProfile.networkInterfaces"))) {
    const id = asText(valueAt(nic, "id"));
    if (id !== undefined && valueAt(nic, "properties.deleteOption") === "Delete") store.delete(id);
  }
}

function instanceView(machine: StoredResource): Json {
  const power = asText(machine.internal.powerState) ?? "running";
  return {
    computerName: computerNameOf(machine.body),
    osName: "Windows Server",
    hyperVGeneration: "V2",
    vmAgent: {
      vmAgentVersion: "2.7.41491.1176",
      statuses: [
        {
          code: "ProvisioningState/succeeded",
          level: "Info",
          displayStatus: power === "running" ? "Ready" : "Not Ready",
        },
      ],
    },
    statuses: [
      { code: "ProvisioningState/succeeded", level: "Info", displayStatus: "Provisioning succeeded" },
      { code: `PowerState/${power}`, level: "Info", displayStatus: `VM ${power}` },
    ],
  };
}

async function setPower({ resource, save }: ActionContext, state: "running" | "stopped" | "deallocated") {
  if (state !== "running" && resource.internal.startedOnHost === true) {
    // The host's control socket knows no pause: a stopped machine would lose its disks.
    throw new ArmError(
      409,
      "OperationNotAllowed",
      "The sandbox cannot stop its simulated Windows host without wiping it.",
    );
  }
  resource.internal.powerState = state;
  save();
  return undefined;
}

/** The action form of Run Command: output in the answer, one at a time. */
async function runActionCommand(body: JsonObject, { resource, effects }: ActionContext): Promise<JsonObject> {
  if (body.commandId !== "RunPowerShellScript") {
    throw new ArmError(400, "BadRequest", `The entity was not found: Run Command '${asText(body.commandId)}'.`);
  }
  const host = hostOf(resource, effects);
  const parameters = asList(body.parameters).map((p) => [
    asText(valueAt(p, "name")) ?? "",
    asText(valueAt(p, "value")) ?? "",
  ]);
  const script = asList(body.script).join("\n");
  const result = await host.runCommand({ script, parameters: Object.fromEntries(parameters), protectedParameters: {} });
  const part = (stream: "StdOut" | "StdErr", message: string): Json => ({
    code: `ComponentStatus/${stream}/succeeded`,
    level: "Info",
    displayStatus: "Provisioning succeeded",
    message: lastBytes(message),
  });
  return { value: [part("StdOut", result.output), part("StdErr", result.error)] };
}

function hostOf(machine: StoredResource, effects: Effects) {
  if (effects.host !== undefined && machine.internal.startedOnHost === true) return effects.host;
  throw new ArmError(
    409,
    "OperationNotAllowed",
    `No Windows host is simulated behind ${machine.id}, so nothing can run on it.`,
  );
}

/** Run Command keeps the last 4 KB of output. */
export function lastBytes(text: string): string {
  return Buffer.from(text).subarray(-4096).toString();
}
