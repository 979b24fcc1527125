import type { z } from "zod";
import { checkConfiguration, diffConfiguration, readConfiguration } from "./configuration.ts";
import type { AnyResourceDefinition } from "./defineResource.ts";
import type { CallContext, ProviderHandlers } from "./handlers.ts";
import { ResourceLife } from "./resourceLife.ts";
import { packageSchema } from "./schema.ts";

/** A provider made of resource definitions. `G` is its configuration, `C` the connections that are opened with it. */
export interface ResourceProvider<G, C> {
  /** Name of the package: the first part of every token. */
  name: string;
  /** Semantic version. */
  version: string;
  /** One sentence for the package schema. */
  description: string;
  /** Strict object; each property travels as JSON text, and `.meta({ secret: true })` marks what no message may say. */
  configuration: z.ZodType<G>;
  /** The definitions by the module part of their tokens; loaded at first use, because a preview must start fast. */
  modules: Record<string, () => Promise<readonly AnyResourceDefinition<C>[]>>;
  /** Makes the connections of one Pulumi operation; they connect at their first use, not here. */
  connect(configuration: G): C;
  disconnect?(connections: C): Promise<void>;
  /** The clock of the lifecycles. Default: the system's. */
  now?: () => Date;
}

/** The protocol's handlers for a provider made of resource definitions. */
export function resourceHandlers<G, C>(provider: ResourceProvider<G, C>): ProviderHandlers<C> {
  const now = provider.now ?? (() => new Date());

  const life = async (type: string, urn: string, context: CallContext<C>) => {
    const definitions = (await provider.modules[type.split(":")[1] ?? ""]?.()) ?? [];
    const definition = definitions.find(({ token }) => token === type);
    if (definition === undefined) {
      throw new Error(`The provider ${provider.name} ${provider.version} has no resource type ${type}`);
    }
    const { session: connections, signal, progress, warn } = context;
    return new ResourceLife(definition, { connections, urn, signal, now, progress, warn });
  };

  return {
    schema: async () => JSON.stringify(packageSchema(provider, await allDefinitions(provider))),
    checkConfig: ({ news }) => ({ inputs: news, failures: checkConfiguration(provider.configuration, news) }),
    diffConfig: ({ oldInputs, newInputs }) => diffConfiguration(oldInputs, newInputs),
    configure: (inputs, messages) => provider.connect(readConfiguration(provider.configuration, inputs, messages)),
    check: async (request, context) => (await life(request.type, request.urn, context)).check(request),
    diff: async (request, context) => (await life(request.type, request.urn, context)).diff(request),
    create: async (request, context) => (await life(request.type, request.urn, context)).create(request),
    read: async (request, context) => (await life(request.type, request.urn, context)).read(request),
    update: async (request, context) => (await life(request.type, request.urn, context)).update(request),
    delete: async (request, context) => (await life(request.type, request.urn, context)).delete(request),
    close: (connections) => provider.disconnect?.(connections),
  };
}

async function allDefinitions<G, C>(provider: ResourceProvider<G, C>): Promise<AnyResourceDefinition<C>[]> {
  const modules = await Promise.all(Object.values(provider.modules).map((load) => load()));
  return modules.flat();
}
