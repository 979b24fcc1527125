import type { Params, Result } from "../../../provider/dsc/protocol.ts";
import { bindProperties, findModule, keyOf } from "../dsc/contract.ts";
import { dscResources } from "../dsc/resources.ts";
import type { DscSemantics, Properties } from "../dsc/semantics.ts";
import type { Machine } from "../machine.ts";
import { WindowsError } from "../windowsError.ts";
import { AgentFailure, withCode } from "./failure.ts";
import type { OneRequest } from "./methods.ts";

/** Get-TargetResource and Test-TargetResource. */
export async function getResource(machine: Machine, params: Params<"dsc.get">): Promise<Result<"dsc.get">> {
  const target = await openTarget(machine, params, "DSC_GET_FAILED");
  return { current: await get(machine, target), inDesiredState: await test(machine, target) };
}

/** Test, Set when the state does not hold or is forced, then Test and Get. */
export async function applyResource(
  { machine, progress, assertWanted }: OneRequest,
  params: Params<"dsc.apply">,
): Promise<Result<"dsc.apply">> {
  const target = await openTarget(machine, params, "DSC_TEST_FAILED");
  const change = params.force === true || !(await test(machine, target));
  let rebootRequired = false;
  if (change) {
    assertWanted();
    progress(`${target.label}: changing`);
    rebootRequired =
      (await withCode("DSC_SET_FAILED", target.label, () => target.semantics.set(machine, target.properties))) ?? false;
    await machine.changed();
  }
  return {
    changed: change,
    inDesiredState: await test(machine, target),
    current: await get(machine, target),
    rebootRequired,
  };
}

interface Target {
  semantics: DscSemantics;
  properties: Properties;
  label: string;
}

async function openTarget(
  machine: Machine,
  params: Params<"dsc.get">,
  code: "DSC_GET_FAILED" | "DSC_TEST_FAILED",
): Promise<Target> {
  const { windows } = machine;
  if (windows.modules[params.module]?.includes(params.version) !== true) {
    throw new AgentFailure(
      "MODULE_NOT_FOUND",
      `the module ${params.module} is not installed here in version ${params.version}`,
    );
  }
  const module = findModule(params.module).name;
  const label = `[${params.resource}]${keyOf(module, params.resource, params.properties)}`;
  return withCode(code, label, () => ({ ...bindResource(module, params.resource, params.properties), label }));
}

/** What a resource does here, and the properties as its functions take them. @throws WindowsError when they would not take them. */
export function bindResource(
  module: string,
  name: string,
  given: Properties,
): { semantics: DscSemantics; properties: Properties } {
  const { resource, properties } = bindProperties(module, name, given);
  const semantics = dscResources[`${module}/${resource}`];
  if (semantics === undefined)
    throw new WindowsError(`the simulated host does not know what ${module}/${resource} does`);
  return { semantics, properties };
}

async function get(machine: Machine, { semantics, properties, label }: Target) {
  return withCode("DSC_GET_FAILED", label, () => semantics.get(machine, properties));
}

async function test(machine: Machine, { semantics, properties, label }: Target) {
  return withCode("DSC_TEST_FAILED", label, () => semantics.test(machine, properties));
}
