import { ArmError, invalidParameter } from "../../arm/errors.ts";
import { asList, asObject, asText, type Json, valueAt } from "../../arm/json.ts";
import { parentOf } from "../../arm/resourceId.ts";
import type { ResourceType, RuleContext } from "../../arm/resourceType.ts";
import { any, computed, flag, integer, list, object, tags, text } from "../../arm/shape.ts";
import { computeVersions } from "../versions.ts";
import { lastBytes } from "./virtualMachine.ts";

const parameter = () => object({ name: text({ required: true }), value: text({ required: true }) });

/** The managed form of Run Command: a resource of its own, whose instance view carries the exit code and the output. */
export const runCommand: ResourceType = {
  type: "Microsoft.Compute/virtualMachines/runCommands",
  token: "azure-native:compute:VirtualMachineRunCommandByVirtualMachine",
  apiVersion: "2024-11-01",
  otherApiVersions: computeVersions,
  path: "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute/virtualMachines/{vmName}/runCommands/{runCommandName}",
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
    properties: object(
      {
        source: object(
          { script: text({ maxLength: 262144 }), scriptUri: text(), commandId: text() },
          { required: "service" },
        ),
        parameters: list(parameter()),
        protectedParameters: list(parameter(), { writeOnly: true }),
        runAsUser: text(),
        runAsPassword: text({ writeOnly: true }),
        asyncExecution: flag({ default: false }),
        timeoutInSeconds: integer({ minimum: 1, maximum: 5400, default: 5400 }),
        treatFailureAsDeploymentFailure: flag({ default: false }),
        instanceView: computed(any()),
        provisioningState: computed(text()),
      },
      { flatten: true, required: true },
    ),
    systemData: computed(any()),
  },
  replaceOn: ["location"],
  longRunning: true,
  hooks: {
    check({ body }) {
      const source = asObject(valueAt(body, "properties.source"));
      const given = ["script", "scriptUri", "commandId"].filter((key) => source[key] !== undefined);
      if (given.length !== 1) {
        throw invalidParameter(
          "source",
          "Exactly one of source.script, source.scriptUri and source.commandId is required.",
        );
      }
      if (given[0] !== "script")
        throw invalidParameter("source", `The simulator runs source.script only, not ${given[0]}.`);
    },
    provision: run,
    view(resource, body, { expand }) {
      const view = resource.internal.instanceView;
      if (view !== undefined && expand.includes("instanceview")) asObject(body.properties).instanceView = view;
    },
  },
};

async function run(context: RuleContext): Promise<void> {
  const { body, secrets, store, id, effects, internal, now } = context;
  const machine = store.get(parentOf(id) ?? "");
  const startTime = now().toISOString();
  const host = machine?.internal.startedOnHost === true ? effects.host : undefined;
  if (host === undefined) {
    internal.instanceView = {
      executionState: "Unknown",
      executionMessage: "No Windows host is simulated behind this machine, so the script was not run.",
    };
    return;
  }
  const result = await host.runCommand({
    script: asText(valueAt(body, "properties.source.script")) ?? "",
    parameters: named(asList(valueAt(body, "properties.parameters"))),
    protectedParameters: named(asList(secrets.get("properties.protectedParameters"))),
  });
  const failed = result.exitCode !== 0;
  internal.instanceView = {
    executionState: failed ? "Failed" : "Succeeded",
    executionMessage: failed
      ? `RunCommand script execution failed with exit code ${result.exitCode}`
      : "RunCommand script execution completed",
    exitCode: result.exitCode,
    output: lastBytes(result.output),
    error: lastBytes(result.error),
    startTime,
    endTime: now().toISOString(),
    statuses: [],
  };
  if (failed && valueAt(body, "properties.treatFailureAsDeploymentFailure") === true) {
    throw new ArmError(
      409,
      "VMRunCommandFailed",
      `Run Command '${context.parsed.names.at(-1)}' failed with exit code ${result.exitCode}: ${lastBytes(result.error).trim()}`,
    );
  }
}

/** In PowerShell, parameters become named parameters of the script. */
function named(parameters: readonly Json[]): Record<string, string> {
  return Object.fromEntries(
    parameters.map((p) => [asText(valueAt(p, "name")) ?? "", asText(valueAt(p, "value")) ?? ""]),
  );
}
