import { PartialFailure } from "../../../provider/engine/definition.ts";
import type {
  CallContext,
  CreateRequest,
  ProviderHandlers,
  ReadRequest,
  UpdateRequest,
} from "../../../provider/engine/handlers.ts";
import { restoreSecrets } from "../../../provider/engine/secrets.ts";
import { type Properties, UNKNOWN } from "../../../provider/engine/values.ts";
import type { Arm } from "../arm/arm.ts";
import { asText, type JsonObject, setAt, valueAt } from "../arm/json.ts";
import { normalRegion } from "../arm/regions.ts";
import { formatId } from "../arm/registry.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Fields } from "../arm/shape.ts";
import { childLists } from "../arm/view.ts";
import { check } from "./check.ts";
import { ArmClient, RequestFailed } from "./client.ts";
import { diff } from "./diff.ts";
import { invoke } from "./invoke.ts";
import { refreshInputs } from "./refresh.ts";
import { bodyFields, pathInputs } from "./resourceShape.ts";
import { isChildCollection, projectInputs, sdkProperties, toArm, toSdk } from "./sdkShape.ts";
import { toJson } from "./values.ts";

/** The configuration of one azure-native provider instance, as far as the simulator looks at it. */
export interface Session {
  subscriptionId: string;
  location: string | undefined;
}

/** What a handler works with. */
interface Work {
  type: ResourceType;
  fields: Fields;
  client: ArmClient;
  signal: AbortSignal;
}

/** The azure-native provider over the simulated ARM: what azure-native itself does, for the types of the registry. */
export function azureNativeHandlers(arm: Arm): ProviderHandlers<Session> {
  const client = new ArmClient(arm);
  const work = (token: string, { signal }: CallContext<Session>): Work => {
    const type = arm.registry.ofToken(token);
    if (type === undefined) throw new Error(`the sandbox does not simulate resources of type '${token}'`);
    return { type, fields: fieldsOf(arm, type), client, signal };
  };
  return {
    configure: (inputs) => configure(inputs, arm),
    invoke: (request, { session, signal }) => invoke(request, arm, client, session, signal),
    check(request, context) {
      const { type, fields, signal } = work(request.type, context);
      return check(request, type, fields, {
        configured: context.session.location,
        async ofGroup(name) {
          const id = `/subscriptions/${context.session.subscriptionId}/resourceGroups/${name}`;
          return asText((await client.get(id, "2024-03-01", signal))?.location);
        },
      });
    },
    diff: (request, context) => diff(request, work(request.type, context).type),
    create: (request, context) => create(request, work(request.type, context), context.session),
    read: (request, context) => read(request, work(request.type, context), arm),
    update: (request, context) => update(request, work(request.type, context)),
    async delete(request, context) {
      const { type, signal } = work(request.type, context);
      await client.delete(request.id, type.apiVersion, signal);
    },
  };
}

export function fieldsOf(arm: Arm, type: ResourceType): Fields {
  return bodyFields(type, (child) => arm.registry.ofArmType(child));
}

function configure(inputs: Properties, arm: Arm): Session {
  const text = (name: string): string | undefined => {
    const value = toJson({ value: inputs[name] }).value;
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  for (const name of ["tenantId", "clientId"] as const) {
    const given = text(name);
    if (given !== undefined && given.toLowerCase() !== arm.cloud[name].toLowerCase()) {
      throw new Error(
        `azure-native:${name} '${given}' is unknown to the simulated Azure, which has '${arm.cloud[name]}'`,
      );
    }
  }
  return { subscriptionId: text("subscriptionId") ?? arm.cloud.subscriptionId, location: text("location") };
}

async function create(request: CreateRequest, work: Work, session: Session) {
  const { type, fields, client, signal } = work;
  if (request.preview) return { id: "", outputs: { ...unknownOutputs(fields, request.inputs), ...request.inputs } };
  const inputs = toJson(request.inputs);
  const id = idOf(type, inputs, session);
  if (await exists(work, id)) throw new Error(`cannot create already existing resource '${id}'`);
  const body = toArm(fields, inputs);
  for (const [path] of childLists(type.body)) if (valueAt(body, path) === undefined) setAt(body, path, []);
  const accepted = await client.put(id, type.apiVersion, body, signal);
  return { id: await storedId(work, id), outputs: await finish(accepted.finished, work, id, request.inputs) };
}

async function exists({ client, type, signal }: Work, id: string): Promise<boolean> {
  try {
    return (await client.get(id, type.apiVersion, signal)) !== undefined;
  } catch (error) {
    throw new Error(`cannot check existence of resource '${id}': ${(error as Error).message}`, { cause: error });
  }
}

/** The id as ARM answers it, which may be spelled in another way. */
async function storedId({ client, type, signal }: Work, id: string): Promise<string> {
  return asText((await client.get(id, type.apiVersion, signal))?.id) ?? id;
}

/** Waits for the operation, then reads back. A failed one leaves a resource that the state must know of. */
async function finish(finished: Promise<void>, work: Work, id: string, inputs: Properties): Promise<Properties> {
  try {
    await finished;
  } catch (error) {
    const present = await readBack(work, id, inputs);
    if (present === undefined || !(error instanceof RequestFailed)) throw error;
    throw new PartialFailure(error.message, id, present, { cause: error });
  }
  const outputs = await readBack(work, id, inputs);
  if (outputs === undefined) throw new Error(`the resource '${id}' is not there after it was written`);
  return outputs;
}

async function readBack(
  { client, type, fields, signal }: Work,
  id: string,
  inputs: Properties,
): Promise<Properties | undefined> {
  const body = await client.get(id, type.apiVersion, signal);
  return body === undefined ? undefined : restoreSecrets<Properties>(outputsOf(type, fields, body), inputs);
}

function outputsOf(type: ResourceType, fields: Fields, body: JsonObject): JsonObject {
  return { ...toSdk(fields, body), azureApiVersion: type.apiVersion };
}

async function update(request: UpdateRequest, work: Work): Promise<Properties> {
  const { type, fields, client, signal } = work;
  if (request.preview) {
    const { name, location } = request.oldOutputs;
    const known: Properties = {
      ...(name === undefined ? {} : { name }),
      ...(location === undefined ? {} : { location }),
    };
    return { ...unknownOutputs(fields, request.newInputs), ...known, ...request.newInputs };
  }
  const body = toArm(fields, toJson(request.newInputs));
  await keepChildren(work, request.id, body);
  const accepted = await client.put(request.id, type.apiVersion, body, signal);
  return finish(accepted.finished, work, request.id, request.newInputs);
}

/** A child collection that the program leaves out is read and put back. */
async function keepChildren({ type, client, signal }: Work, id: string, body: JsonObject): Promise<void> {
  const missing = childLists(type.body).filter(([path]) => valueAt(body, path) === undefined);
  if (missing.length === 0) return;
  const live = await client.get(id, type.apiVersion, signal);
  for (const [path] of missing) setAt(body, path, valueAt(live, path) ?? []);
}

async function read(request: ReadRequest, { type, fields, client, signal }: Work, arm: Arm) {
  const body = await client.get(request.id, type.apiVersion, signal);
  if (body === undefined) return undefined;
  const outputs = outputsOf(type, fields, body);
  const id = asText(body.id) ?? request.id;
  if (request.inputs === undefined || Object.keys(request.inputs).length === 0) {
    return { id, outputs: outputs as Properties, inputs: importedInputs(type, fields, body, id, arm) };
  }
  const before = projectInputs(fields, toJson(request.outputs ?? {}));
  const after = projectInputs(fields, outputs);
  const inputs = refreshInputs(request.inputs, before, after);
  return { id, outputs: restoreSecrets<Properties>(outputs, request.inputs), inputs };
}

/** Inputs of a resource that the program did not create: the id's path parameters, and all that a program could have written. */
function importedInputs(type: ResourceType, fields: Fields, body: JsonObject, id: string, arm: Arm): Properties {
  const parameters = arm.registry.locate(id)?.parameters ?? {};
  const names = pathInputs(type).names.map((name) => [name, parameters[name] ?? ""]);
  const inputs = projectInputs(fields, toSdk(fields, body));
  for (const [name, { field, path }] of sdkProperties(fields, "input")) {
    const value = valueAt(body, path.join("."));
    if (field.sdkInputOnly && value !== undefined) inputs[name] = value;
    if (isChildCollection(field)) delete inputs[name];
  }
  if (typeof inputs.location === "string") inputs.location = normalRegion(inputs.location);
  return { ...inputs, ...Object.fromEntries(names), azureApiVersion: type.apiVersion };
}

function idOf(type: ResourceType, inputs: JsonObject, session: Session): string {
  const parameters = Object.fromEntries(pathInputs(type).names.map((name) => [name, asText(inputs[name]) ?? ""]));
  return formatId(type, {
    ...parameters,
    subscriptionId: session.subscriptionId,
    scope: (parameters.scope ?? "").replace(/^\//, ""),
  });
}

/** Everything that a response has and the inputs do not. */
function unknownOutputs(fields: Fields, inputs: Properties): Properties {
  return Object.fromEntries(
    [...sdkProperties(fields, "output")]
      .filter(([name, { field }]) => inputs[name] === undefined && !field.writeOnly)
      .map(([name]) => [name, UNKNOWN]),
  );
}
