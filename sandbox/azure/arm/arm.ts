import { Counters, kindOfRequest } from "./counters.ts";
import { ArmError, badRequest, conflict, resourceGroupNotFound, resourceNotFound } from "./errors.ts";
import { type Fault, Faults, refusalOf } from "./faults.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { listResources } from "./list.ts";
import {
  type ArmRequest,
  type ArmResponse,
  checkApiVersion,
  DroppedResponse,
  describeOperation,
  errorBody,
  preconditionsOf,
  withHeaders,
} from "./messages.ts";
import { type Operation, Operations } from "./operations.ts";
import { mergePatch } from "./patch.ts";
import type { Located, Registry } from "./registry.ts";
import { parseResourceId } from "./resourceId.ts";
import type { CloudSettings, Effects } from "./resourceType.ts";
import type { Store } from "./store.ts";
import { viewOf } from "./view.ts";
import { deleteResource, putResource, type WriteScope } from "./writes.ts";

/** Azure Resource Manager over one store. */
export class Arm {
  readonly registry: Registry;
  readonly store: Store;
  readonly cloud: CloudSettings;
  readonly operations = new Operations();
  readonly faults = new Faults();
  readonly counters = new Counters();
  readonly #effects: Effects;

  constructor(registry: Registry, store: Store, cloud: CloudSettings, effects: Effects) {
    this.registry = registry;
    this.store = store;
    this.cloud = cloud;
    this.#effects = effects;
  }

  /** Answers one request. Rejects only with {@link DroppedResponse}. */
  async handle(request: ArmRequest): Promise<ArmResponse> {
    this.counters.count(request.method, kindOfRequest(request.path));
    const faults = this.faults.take(request.method, request.path);
    const response = await this.#answer(request, faults);
    await this.store.flush();
    if (faults.has("dropResponse")) throw new DroppedResponse();
    return response;
  }

  async #answer(request: ArmRequest, faults: ReadonlyMap<Fault["action"], Fault>): Promise<ArmResponse> {
    try {
      const delay = faults.get("delay");
      if (delay !== undefined) {
        await new Promise((resolve) => {
          setTimeout(resolve, delay.ms ?? 0);
        });
      }
      const refused = faults.get("status");
      if (refused !== undefined) throw refusalOf(refused);
      return await this.#route(request, faults.get("slowOperation")?.ms);
    } catch (error) {
      if (error instanceof ArmError)
        return withHeaders({ status: error.status, headers: { ...error.headers }, body: errorBody(error) });
      console.error(error);
      const internal = new ArmError(500, "InternalServerError", error instanceof Error ? error.message : String(error));
      return withHeaders({ status: 500, headers: {}, body: errorBody(internal) });
    }
  }

  async #route(request: ArmRequest, slow: number | undefined): Promise<ArmResponse> {
    this.#checkSubscription(request.path);
    const operation =
      /^\/subscriptions\/[^/]+\/providers\/[^/]+\/locations\/[^/]+\/(operations|operationResults)\/([^/]+)$/i.exec(
        request.path,
      );
    if (operation !== null)
      return withHeaders(await this.#poll(operation[2] as string, operation[1] as string, request));
    const located = this.registry.locate(request.path);
    if (located === undefined) return withHeaders(await this.#collectionOrAction(request));
    checkApiVersion(located, request.query);
    const scope: WriteScope = {
      registry: this.registry,
      store: this.store,
      operations: this.operations,
      cloud: this.cloud,
      effects: this.#effects,
      ...(slow === undefined ? {} : { slow }),
    };
    switch (request.method) {
      case "GET":
      case "HEAD":
        return withHeaders({ status: 200, headers: {}, body: this.#get(located, request.query) });
      case "PUT":
        return withHeaders(this.#put(located, request.body, request, scope));
      case "PATCH":
        return withHeaders(this.#patch(located, request, scope));
      case "DELETE":
        return withHeaders(this.#delete(located, request, scope));
      default:
        throw new ArmError(405, "MethodNotAllowed", `The method ${request.method} is not allowed on ${request.path}.`);
    }
  }

  #get(located: Located, query: URLSearchParams): JsonObject {
    const resource = this.store.get(located.id);
    if (resource === undefined) throw this.#missing(located);
    const expand = (query.get("$expand") ?? "").toLowerCase().split(",");
    return viewOf(resource, this.registry, this.store, this.cloud, expand);
  }

  #put(located: Located, body: Json | undefined, request: ArmRequest, scope: WriteScope): ArmResponse {
    const written = putResource(located, body, preconditionsOf(request), scope);
    const shown = viewOf(written.resource, this.registry, this.store, this.cloud);
    const headers =
      written.operation === undefined ? {} : this.#pollingHeaders(written.operation, located, request.origin);
    return { status: written.created ? 201 : 200, headers, body: shown };
  }

  /** A PATCH is a PUT of the present body with the changes merged in. */
  #patch(located: Located, request: ArmRequest, scope: WriteScope): ArmResponse {
    const resource = this.store.get(located.id);
    if (resource === undefined) throw this.#missing(located);
    if (!isObject(request.body))
      throw badRequest("InvalidRequestContent", "The request content must be a JSON object.");
    const merged = mergePatch({ ...structuredClone(resource.body) }, request.body) as JsonObject;
    const response = this.#put(located, merged, request, scope);
    return { ...response, status: response.headers["azure-asyncoperation"] === undefined ? 200 : 202 };
  }

  #delete(located: Located, request: ArmRequest, scope: WriteScope): ArmResponse {
    const { resourceGroup } = located.parsed;
    const isGroup = located.type.type === "Microsoft.Resources/resourceGroups";
    if (resourceGroup !== undefined && !isGroup && this.#group(resourceGroup) === undefined)
      throw resourceGroupNotFound(resourceGroup);
    const deleted = deleteResource(located, preconditionsOf(request), scope);
    if (deleted === undefined) {
      if (isGroup) throw resourceGroupNotFound(resourceGroup as string);
      return { status: 204, headers: {} };
    }
    if (deleted.operation === undefined) return { status: 200, headers: {} };
    return { status: 202, headers: this.#pollingHeaders(deleted.operation, located, request.origin) };
  }

  async #poll(id: string, how: string, request: ArmRequest): Promise<ArmResponse> {
    const operation = await this.operations.poll(id);
    if (operation === undefined) throw new ArmError(404, "NotFound", `The operation '${id}' was not found.`);
    const running = { "retry-after": "0" };
    if (how.toLowerCase() === "operations") {
      return {
        status: 200,
        headers: operation.status === "InProgress" ? running : {},
        body: describeOperation(operation, request.path),
      };
    }
    if (operation.status === "InProgress")
      return { status: 202, headers: { ...running, location: request.origin + request.path } };
    if (operation.error !== undefined) throw operation.error;
    const result = operation.result?.();
    return result === undefined ? { status: 204, headers: {} } : { status: 200, headers: {}, body: result };
  }

  async #collectionOrAction(request: ArmRequest): Promise<ArmResponse> {
    if (request.method === "GET") {
      const found = listResources(request, this.registry, this.store, this.cloud);
      if (found !== undefined) return { status: 200, headers: {}, body: found };
    }
    if (request.method === "POST") {
      const at = request.path.lastIndexOf("/");
      const located = this.registry.locate(request.path.slice(0, at));
      const wanted = request.path.slice(at + 1).toLowerCase();
      const [, action] =
        Object.entries(located?.type.hooks?.actions ?? {}).find(([name]) => name.toLowerCase() === wanted) ?? [];
      if (located !== undefined && action !== undefined) return this.#act(located, action, request);
    }
    const type = parseResourceId(request.path)?.type ?? request.path;
    throw new ArmError(
      404,
      "InvalidResourceType",
      `The resource type '${type}' could not be found: the simulated cloud does not know it.`,
    );
  }

  #act(
    located: Located,
    action: NonNullable<NonNullable<Located["type"]["hooks"]>["actions"]>[string],
    request: ArmRequest,
  ): ArmResponse {
    checkApiVersion(located, request.query);
    const resource = this.store.get(located.id);
    if (resource === undefined) throw this.#missing(located);
    const body = isObject(request.body) ? request.body : {};
    const context = {
      resource,
      store: this.store,
      cloud: this.cloud,
      effects: this.#effects,
      expand: [],
      save: () => this.store.put(resource),
    };
    const lock = resource.id.toLowerCase();
    if (this.operations.isLocked(lock)) throw conflict("Conflict", "Another operation on this machine is in progress.");
    const operation = this.operations.start(located.type.type.split("/")[0] as string, [lock], async () => {
      const result = await action(body, context);
      return result === undefined ? undefined : () => result;
    });
    return { status: 202, headers: this.#pollingHeaders(operation, located, request.origin) };
  }

  #pollingHeaders(operation: Operation, located: Located, origin: string): Record<string, string> {
    const region = this.store.get(located.id)?.body.location ?? "westeurope";
    const base = `${origin}/subscriptions/${this.cloud.subscriptionId}/providers/${operation.namespace}/locations/${region}`;
    const version = `api-version=${located.type.apiVersion}`;
    return {
      "azure-asyncoperation": `${base}/operations/${operation.id}?${version}`,
      location: `${base}/operationResults/${operation.id}?${version}`,
      "retry-after": "0",
    };
  }

  #checkSubscription(path: string): void {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
    if (subscription !== undefined && subscription.toLowerCase() !== this.cloud.subscriptionId.toLowerCase()) {
      throw new ArmError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
    }
  }

  #group(name: string) {
    return this.store.get(`/subscriptions/${this.cloud.subscriptionId}/resourceGroups/${name}`);
  }

  #missing(located: Located): ArmError {
    const { resourceGroup, names, type } = located.parsed;
    if (located.type.type === "Microsoft.Resources/resourceGroups")
      return resourceGroupNotFound(resourceGroup as string);
    if (resourceGroup !== undefined && this.#group(resourceGroup) === undefined)
      return resourceGroupNotFound(resourceGroup);
    if (located.type.variants !== undefined) {
      return new ArmError(
        404,
        "NotFound",
        `The resource record '${names.at(-1)}' does not exist in resource group '${resourceGroup}'.`,
      );
    }
    return resourceNotFound(type, names.join("/"), resourceGroup);
  }
}
