import type { Connections } from "../connections/connections.ts";
import { ConnectionLost, HostError } from "../connections/hostErrors.ts";
import { type Difference, type Lifecycle, type LifecycleContext, PartialFailure } from "../engine/definition.ts";
import { compareInputs } from "../engine/difference.ts";
import { UserError } from "../engine/userError.ts";
import { equal, formatPath, isUnknown } from "../engine/values.ts";
import { checkInputs } from "./check.ts";
import { asFound, differingProperties, withoutCredentials } from "./compare.ts";
import { entry, isCredential, keyOf, moduleContract } from "./contract.ts";
import { contractOf, displayName, identityOf, keyNames, parseIdentity } from "./identity.ts";
import { importedProperties, propertiesToLook } from "./importing.ts";
import type { Result } from "./protocol.ts";
import type { DscResourceInputs, DscResourceOutputs } from "./schema.ts";
import { groupPolicyWarning } from "./userRights.ts";
import { toWire } from "./wire.ts";

type Context = LifecycleContext<Connections>;
type Target = Pick<DscResourceInputs, "module" | "resource" | "properties">;

/** One DSC resource: the module's Test decides whether the state holds, and its Set makes it. */
export const dscLifecycle: Lifecycle<DscResourceInputs, DscResourceOutputs, Connections> = {
  check: (inputs) => checkInputs(inputs),

  diff(_id, oldInputs, oldOutputs, newInputs) {
    const difference = compareInputs(oldInputs, newInputs, { replaceOn: ["module", "resource"] });
    replaceOnKeyChange(difference, oldInputs, newInputs);
    // The last look found drift that no declared property shows.
    if (!oldOutputs.inDesiredState) difference.changes.inDesiredState ??= "update";
    return difference;
  },

  async create(inputs, context) {
    // Destroy may undo only what did not exist before; asked before the first change, and never assumed.
    const before = await look(inputs, context, "deploy");
    const madeByKit = String(entry(before.current, "Ensure") ?? "").toLowerCase() === "absent";
    const id = identityOf(inputs.module, inputs.resource, inputs.properties);
    return { id, outputs: await apply(id, inputs, { madeByKit }, context) };
  },

  async read(id, old, context) {
    if (old === undefined) return readForImport(id, context);
    const found = await look(old.inputs, context);
    if (!found.inDesiredState) await warnOfGroupPolicy(old.inputs, context);
    const outputs = outputsOf(old.inputs, found, {
      madeByKit: old.outputs.madeByKit,
      // Get cannot say it: what an earlier Set asked for holds until Windows wants no restart any more.
      rebootRequired: old.outputs.rebootRequired && (await pendingReboot(context)),
    });
    return { id, inputs: { ...old.inputs, properties: outputs.properties }, outputs };
  },

  async update(id, oldOutputs, newInputs, oldInputs, context) {
    const force = credentialsChanged(oldInputs, newInputs);
    return apply(id, newInputs, { madeByKit: oldOutputs.madeByKit, force }, context);
  },

  async delete(id, outputs, inputs, context) {
    if (inputs.onDestroy === "keep" || (inputs.onDestroy === "revert" && !outputs.madeByKit)) return;
    const ensure = keyOf(inputs.properties, "Ensure") ?? "Ensure";
    const reverted = { ...inputs, properties: { ...inputs.properties, [ensure]: "Absent" } };
    await apply(id, reverted, { madeByKit: true }, context);
  },
};

/** Test, Set when needed, and what is there afterwards; a Set that did not bring the state about is an error. */
async function apply(
  id: string,
  target: Target,
  options: { madeByKit: boolean; force?: boolean },
  context: Context,
): Promise<DscResourceOutputs> {
  const host = await context.connections.host();
  const params = { ...requestParams(target), ...(options.force && { force: true }) };
  const answer = host.request("dsc.apply", params, { signal: context.signal, progress: context.progress });
  const result = await explained(answer, target);
  await warnOfGroupPolicy(target, context);
  const outputs = outputsOf(target, result, { madeByKit: options.madeByKit, rebootRequired: result.rebootRequired });
  if (result.inDesiredState || result.rebootRequired) return outputs;
  const label = displayName(target.resource, target.properties, contractOf(target.module, target.resource));
  const differing = differingProperties(target.properties, outputs.properties);
  const what = differing.length === 0 ? "its Test does not say in what" : `these differ: ${differing.join(", ")}`;
  throw new PartialFailure(
    `${label}: Set ended without an error, but the state still does not hold; ${what}. ` +
      "Something on the host (a group policy, another program) sets it otherwise, or the values contradict each other.",
    id,
    outputs,
  );
}

async function look(target: Target, context: Context, purpose?: "deploy"): Promise<Result<"dsc.get">> {
  const host = await context.connections.host();
  const answer = host.request("dsc.get", requestParams(target), {
    signal: context.signal,
    progress: context.progress,
    // A host that this deployment has just made may still be starting.
    ...(purpose === "deploy" && { waitSeconds: 600 }),
  });
  return explained(answer, target);
}

async function warnOfGroupPolicy(target: Target, context: Context): Promise<void> {
  const host = await context.connections.host();
  const warning = await groupPolicyWarning(target, host, { signal: context.signal, progress: context.progress });
  if (warning !== undefined) context.warn(warning);
}

async function pendingReboot(context: Context): Promise<boolean> {
  const host = await context.connections.host();
  return (await host.request("facts", {}, { signal: context.signal, progress: context.progress })).pendingReboot;
}

/** The answer; the host's refusals and a lost connection with the name of the resource and what to do about them. */
async function explained<T>(answer: Promise<T>, target: Target): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const what = displayName(target.resource, target.properties, contractOf(target.module, target.resource));
    if (error instanceof ConnectionLost) throw error.about(what);
    if (!(error instanceof HostError)) throw error;
    const next =
      advices[error.code] ?? "Mend the cause on the host or in the declaration, and run the deployment again.";
    throw new UserError(error.code, { what, why: error.reason, next }, { cause: error });
  }
}

const advices: Partial<Record<HostError["code"], string>> = {
  MODULE_NOT_FOUND: "Install the kit's DSC modules on the host first (scripts/windows/install-dsc-modules.ps1).",
  RESOURCE_NOT_FOUND:
    "The installed module is not the one of its version: remove its folder on the host and install it again.",
};

async function readForImport(id: string, context: Context) {
  const { module, resource, keys } = parseIdentity(id);
  const found = await look({ module, resource, properties: propertiesToLook(module, resource, keys) }, context);
  if (String(entry(found.current, "Ensure") ?? "Present").toLowerCase() === "absent") return undefined;
  const inputs: DscResourceInputs = {
    module,
    resource,
    properties: importedProperties(contractOf(module, resource), keys, found.current),
    onDestroy: "keep",
  };
  const held = { current: found.current, inDesiredState: true };
  return { id, inputs, outputs: outputsOf(inputs, held, { madeByKit: false, rebootRequired: false }) };
}

function outputsOf(
  target: Target,
  found: { current: Record<string, unknown>; inDesiredState: boolean },
  rest: { madeByKit: boolean; rebootRequired: boolean },
): DscResourceOutputs {
  const { module, resource, properties } = target;
  const contract = contractOf(module, resource);
  return {
    module,
    resource,
    // While the module says that the state holds, nothing differs: its spelling of the same state is not drift.
    properties: found.inDesiredState ? properties : asFound(module, contract, properties, found.current),
    current: withoutCredentials(contract, found.current),
    inDesiredState: found.inDesiredState,
    ...rest,
  };
}

function requestParams({ module, resource, properties }: Target) {
  const contract = contractOf(module, resource);
  return {
    module,
    version: moduleContract(module)?.version ?? "",
    resource,
    properties: toWire(module, contract, properties),
  };
}

/** A key property names the object: another value means another object. Case does not count on Windows. */
function replaceOnKeyChange(difference: Difference, oldInputs: DscResourceInputs, newInputs: DscResourceInputs): void {
  if (isUnknown(newInputs.module) || isUnknown(newInputs.resource) || isUnknown(newInputs.properties)) return;
  for (const key of keyNames(contractOf(newInputs.module, newInputs.resource))) {
    const name = keyOf(newInputs.properties, key) ?? key;
    const path = formatPath(["properties", name]);
    const before = entry(oldInputs.properties, key);
    const after = newInputs.properties[name];
    const same = !isUnknown(after) && String(before).toLowerCase() === String(after).toLowerCase();
    if (difference.changes[path] !== undefined && !same) difference.changes[path] = "update-replace";
  }
}

/** A changed password is something that the module's Test cannot see; one that is no longer declared is nothing to set. */
function credentialsChanged(oldInputs: DscResourceInputs, newInputs: DscResourceInputs): boolean {
  const contract = contractOf(newInputs.module, newInputs.resource);
  return Object.entries(contract).some(
    ([name, property]) =>
      isCredential(property) &&
      entry(newInputs.properties, name) !== undefined &&
      !equal(entry(oldInputs.properties, name), entry(newInputs.properties, name)),
  );
}
