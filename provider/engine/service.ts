import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { answer, type Incoming } from "./incoming.ts";
import { Empty, providerMessages as messages, pluginMessages } from "./protocol.ts";
import { type Message, requests } from "./requests.ts";
import { checkFailures, checkResponse, diffResponse } from "./responses.ts";
import { secretTexts } from "./secrets.ts";
import type { ServeOptions } from "./server.ts";
import type { Sessions } from "./sessions.ts";
import { encodeProperties } from "./struct.ts";

/**
 * Translates between the messages of `pulumi/provider.proto` and a provider's handlers. gRPC answers "unimplemented" for a method
 * that is not in the result.
 */
export function providerService<S>(options: ServeOptions<S>, sessions: Sessions<S>): UntypedServiceImplementation {
  const { handlers } = options;
  const method = <Request>(respond: (request: Request, incoming: Incoming<S>) => Promise<unknown>) =>
    answer(sessions, respond);

  const service: Record<string, unknown> = {
    handshake: method<Message<"ProviderHandshakeRequest">>(async (request, incoming) => {
      incoming.open().attach(request.getEngineAddress());
      return accepting(new messages.ProviderHandshakeResponse());
    }),
    attach: method<InstanceType<typeof pluginMessages.PluginAttach>>(async (request, incoming) => {
      incoming.open().attach(request.getAddress());
      return new Empty();
    }),
    getPluginInfo: method(async () => new pluginMessages.PluginInfo().setVersion(options.version)),
    getSchema: method(async () => {
      const schema = await handlers.schema?.();
      return new messages.GetSchemaResponse().setSchema(schema ?? JSON.stringify({ name: options.name }));
    }),
    checkConfig: method<Message<"CheckRequest">>(async (message, incoming) => {
      const request = requests.check(message, incoming);
      return checkResponse((await handlers.checkConfig?.(request)) ?? { inputs: request.news });
    }),
    diffConfig: method<Message<"DiffRequest">>(async (message, incoming) =>
      diffResponse((await handlers.diffConfig?.(requests.diff(message, incoming))) ?? {}),
    ),
    configure: method<Message<"ConfigureRequest">>(async (message, incoming) => {
      const session = incoming.open();
      const inputs = incoming.decode(message.getArgs());
      const secrets = secretTexts(inputs);
      session.secrets = secrets;
      await session.configure(async () => handlers.configure(inputs, { hide: (text) => secrets.add(text) }));
      return accepting(new messages.ConfigureResponse()).setSupportspreview(true);
    }),
    check: method<Message<"CheckRequest">>(async (message, incoming) => {
      const request = requests.check(message, incoming);
      const result = await incoming.run(request.urn, 0, (context) => handlers.check?.(request, context));
      return checkResponse(result ?? { inputs: request.news });
    }),
    diff: method<Message<"DiffRequest">>(async (message, incoming) => {
      const request = requests.diff(message, incoming);
      return diffResponse((await incoming.run(request.urn, 0, (context) => handlers.diff?.(request, context))) ?? {});
    }),
    cancel: method(async (_, incoming) => {
      incoming.session().cancel();
      return new Empty();
    }),
  };

  if (handlers.invoke) {
    service.invoke = method<Message<"InvokeRequest">>(async (message, incoming) => {
      const request = requests.invoke(message, incoming);
      const { result, failures } = (await incoming.run("", 0, (context) => handlers.invoke?.(request, context))) ?? {};
      return new messages.InvokeResponse()
        .setReturn(encodeProperties(result ?? {}))
        .setFailuresList(checkFailures(failures));
    });
  }
  if (handlers.create) {
    service.create = method<Message<"CreateRequest">>(async (message, incoming) => {
      const request = requests.create(message, incoming);
      const created = await incoming.run(request.urn, message.getTimeout(), (context) =>
        handlers.create?.(request, context),
      );
      return new messages.CreateResponse()
        .setId(created?.id ?? "")
        .setProperties(encodeProperties(created?.outputs ?? {}));
    });
  }
  if (handlers.read) {
    service.read = method<Message<"ReadRequest">>(async (message, incoming) => {
      const request = requests.read(message, incoming);
      const found = await incoming.run(request.urn, message.getTimeout(), (context) =>
        handlers.read?.(request, context),
      );
      const response = new messages.ReadResponse();
      if (found === undefined) return response;
      if (found.inputs !== undefined) response.setInputs(encodeProperties(found.inputs));
      return response.setId(found.id).setProperties(encodeProperties(found.outputs));
    });
  }
  if (handlers.update) {
    service.update = method<Message<"UpdateRequest">>(async (message, incoming) => {
      const request = requests.update(message, incoming);
      const outputs = await incoming.run(request.urn, message.getTimeout(), (context) =>
        handlers.update?.(request, context),
      );
      return new messages.UpdateResponse().setProperties(encodeProperties(outputs ?? {}));
    });
  }
  if (handlers.delete) {
    service.delete = method<Message<"DeleteRequest">>(async (message, incoming) => {
      const request = requests.delete(message, incoming);
      await incoming.run(request.urn, message.getTimeout(), (context) => handlers.delete?.(request, context));
      return new Empty();
    });
  }
  return service as UntypedServiceImplementation;
}

/** What this layer understands: secrets, resource references and output values. */
function accepting<T extends Message<"ProviderHandshakeResponse"> | Message<"ConfigureResponse">>(response: T): T {
  if (response instanceof messages.ConfigureResponse) {
    response.setAcceptsecrets(true).setAcceptresources(true).setAcceptoutputs(true);
  } else {
    response.setAcceptSecrets(true).setAcceptResources(true).setAcceptOutputs(true);
  }
  return response;
}
