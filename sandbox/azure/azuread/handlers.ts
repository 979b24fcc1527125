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
import { type DirectoryType, directoryTypes, objectsOf } from "./types.ts";

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
    const body = { ...inputs, ...type.complete(context) };
    const resource: StoredResource = {
      id,
      type: type.type,
      name: String(inputs.displayName ?? objectId),
      body,
      etag: randomUUID(),
      createdAt: previous?.createdAt ?? now,
      changedAt: now,
      internal: { objectId },
    };
    store.put(resource);
    return body;
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
      const body = resource.body as Properties;
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
    invoke: (request) => invoke(request),
  };

  function invoke({ token, args }: InvokeRequest): InvokeResult {
    const given = toJson(args);
    if (token === "azuread:index/getClientConfig:getClientConfig") {
      const { clientId, clientObjectId: objectId, tenantId } = cloud;
      return { result: { clientId, objectId, tenantId, id: objectId } };
    }
    if (token !== "azuread:index/getGroup:getGroup")
      throw new Error(`the sandbox does not simulate the function '${token}'`);
    const key = ["objectId", "displayName", "mailNickname"].find((name) => given[name] !== undefined);
    const found = objectsOf(store, "Microsoft.Graph/groups").filter(
      (group) => key !== undefined && group.body[key] === given[key],
    );
    const [one] = found;
    if (one === undefined)
      throw new Error(`No group found matching specified filter (${key} eq '${String(given[key ?? ""])}')`);
    if (found.length > 1)
      throw new Error(`Found multiple groups matching specified filter (${key} eq '${String(given[key ?? ""])}')`);
    return { result: { ...(one.body as Properties), id: one.id } };
  }
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
