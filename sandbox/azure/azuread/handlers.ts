import { randomUUID } from "node:crypto";
import type { CheckFailure } from "../../../provider/engine/definition.ts";
import { compareInputs } from "../../../provider/engine/difference.ts";
import type { CheckRequest, InvokeRequest, InvokeResult, ProviderHandlers } from "../../../provider/engine/handlers.ts";
import { restoreSecrets } from "../../../provider/engine/secrets.ts";
import { type Properties, UNKNOWN } from "../../../provider/engine/values.ts";
import type { Arm } from "../arm/arm.ts";
import { isEqual, type JsonObject } from "../arm/json.ts";
import type { StoredResource } from "../arm/store.ts";
import { dropNulls, toJson } from "../azureNative/values.ts";
import type { DirectoryType } from "./directoryType.ts";
import { azureadFunctions } from "./functions.ts";
import { directoryTypes } from "./types.ts";

/** The azuread provider over the directory objects of the simulated cloud. */
export function azureadHandlers({ store, cloud, counters }: Arm): ProviderHandlers<null> {
  const write = (
    token: string,
    id: string,
    objectId: string,
    inputs: JsonObject,
    previous: StoredResource | undefined,
  ) => {
    const type = typeOf(token);
    const context = { inputs, previous: previous?.body, id, objectId, store, cloud };
    type.check?.(context);
    const now = new Date().toISOString();
    const kept = Object.entries(inputs).filter(([name]) => !type.secrets?.includes(name));
    const body = { ...Object.fromEntries(kept), ...type.complete(context) };
    const resource: StoredResource = {
      id,
      type: type.type,
      name: String(inputs.displayName ?? objectId),
      body,
      etag: randomUUID(),
      createdAt: previous?.createdAt ?? now,
      changedAt: now,
      internal: { ...previous?.internal, objectId },
    };
    store.put(resource);
    return { ...inputs, ...body };
  };
  return {
    configure: () => null,
    check: (request) => check(request, typeOf(request.type)),
    diff({ type, oldInputs, newInputs }) {
      const { changes } = compareInputs(oldInputs, newInputs, { replaceOn: typeOf(type).replaceOn });
      const tops = [...new Set(Object.keys(changes).map((path) => path.split(/[.[]/)[0] as string))];
      return {
        changes: tops.length === 0 ? "none" : "some",
        detailedDiff: Object.fromEntries(
          Object.entries(changes).map(([path, kind]) => [path, { kind, inputDiff: true }]),
        ),
        diffs: tops,
        replaces: tops.filter((top) => typeOf(type).replaceOn.includes(top)),
      };
    },
    async create({ type, inputs, preview }) {
      if (preview) return { id: "", outputs: { objectId: UNKNOWN, clientId: UNKNOWN, ...inputs } };
      counters.count("POST", typeOf(type).type);
      const objectId = randomUUID();
      const plain = toJson(inputs);
      const id = typeOf(type).newId(objectId, plain);
      const outputs = write(type, id, objectId, plain, undefined);
      await store.flush();
      return { id, outputs: restoreSecrets<Properties>(outputs, inputs) };
    },
    read({ type, id, inputs, outputs }) {
      counters.count("GET", typeOf(type).type);
      const resource = store.get(id);
      if (resource === undefined || resource.type !== typeOf(type).type) return undefined;
      const body = { ...secretsOf(type, outputs ?? inputs ?? {}), ...resource.body } as Properties;
      const known = typeOf(type).inputs;
      // What the program gave, as it is now; on import everything that it could give.
      const names =
        inputs === undefined || outputs === undefined
          ? known
          : known.filter((name) => inputs[name] !== undefined || changed(outputs, body, name));
      return { id: resource.id, outputs: body, inputs: Object.fromEntries(names.map((name) => [name, body[name]])) };
    },
    async update({ type, id, newInputs, oldOutputs, preview }) {
      if (preview) return { ...oldOutputs, ...newInputs };
      counters.count("PATCH", typeOf(type).type);
      const previous = store.get(id);
      if (previous === undefined) throw new Error(`the object '${id}' does not exist`);
      const outputs = write(type, previous.id, String(previous.internal.objectId), toJson(newInputs), previous);
      await store.flush();
      return restoreSecrets<Properties>(outputs, newInputs);
    },
    async delete({ type, id }) {
      counters.count("DELETE", typeOf(type).type);
      store.delete(id);
      await store.flush();
    },
    invoke({ token, args }: InvokeRequest): InvokeResult {
      const read = azureadFunctions[token];
      if (read === undefined) throw new Error(`the sandbox does not simulate the function '${token}'`);
      return { result: read(toJson(args), { store, cloud }) };
    },
  };
}

/** What Graph never gives back stays as the state has it. */
function secretsOf(type: string, known: Properties): Properties {
  return Object.fromEntries((typeOf(type).secrets ?? []).map((name) => [name, known[name]]));
}

function typeOf(token: string): DirectoryType {
  const type = directoryTypes[token];
  if (type === undefined) throw new Error(`the sandbox does not simulate resources of type '${token}'`);
  return type;
}

function check(request: CheckRequest, type: DirectoryType) {
  const inputs = dropNulls(request.news);
  const failures: CheckFailure[] = [];
  for (const name of Object.keys(inputs)) {
    if (!type.inputs.includes(name))
      failures.push({ property: name, reason: `'${name}' is not a property that the simulated type has` });
  }
  for (const name of type.required) {
    if (inputs[name] === undefined)
      failures.push({ property: name, reason: `Missing required argument: the argument "${name}" is required` });
  }
  return { inputs, failures };
}

function changed(before: Properties, now: Properties, name: string): boolean {
  return !isEqual(toJson({ v: before[name] }).v, toJson({ v: now[name] }).v);
}
