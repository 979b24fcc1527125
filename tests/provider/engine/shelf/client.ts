import { credentials, Server, ServerCredentials, type ServiceError } from "@grpc/grpc-js";
import {
  Empty,
  type engineMessages,
  engineServices,
  providerMessages as messages,
  pluginMessages,
  providerServices,
} from "../../../../provider/engine/protocol.ts";
import { decodeProperties, encodeProperties } from "../../../../provider/engine/struct.ts";

type Client = InstanceType<typeof providerServices.ResourceProviderClient>;

/** What a call was refused with. */
export interface Refusal {
  code: number;
  details: string;
  metadata: ServiceError["metadata"];
}

/** The engine's side of the provider protocol, call by call, for what the real engine does not show. */
export class ProtocolClient {
  readonly #client: Client;

  constructor(port: number) {
    // A channel of its own, as each engine has: gRPC would share one between clients of the same address.
    const options = { "grpc.use_local_subchannel_pool": 1 };
    this.#client = new providerServices.ResourceProviderClient(
      `127.0.0.1:${port}`,
      credentials.createInsecure(),
      options,
    );
  }

  // biome-ignore lint/suspicious/noExplicitAny: one way to call every method of a generated client
  call<Response = any>(method: string, request: unknown): Promise<Response> {
    return new Promise((resolve, reject) => {
      // biome-ignore lint/suspicious/noExplicitAny: as above
      (this.#client as any)[method](request, (error: Refusal | null, response: Response) =>
        error ? reject(error) : resolve(response),
      );
    });
  }

  handshake(engineAddress: string) {
    return this.call("handshake", new messages.ProviderHandshakeRequest().setEngineAddress(engineAddress));
  }

  attach(engineAddress: string) {
    return this.call("attach", new pluginMessages.PluginAttach().setAddress(engineAddress));
  }

  configure(inputs: object) {
    return this.call("configure", new messages.ConfigureRequest().setArgs(encodeProperties(inputs)));
  }

  async create(urn: string, inputs: object, options: { timeout?: number; preview?: boolean } = {}) {
    const request = new messages.CreateRequest().setUrn(urn).setProperties(encodeProperties(inputs));
    request.setTimeout(options.timeout ?? 0).setPreview(options.preview ?? false);
    const response = await this.call("create", request);
    return { id: response.getId() as string, outputs: decodeProperties(response.getProperties()) };
  }

  cancel() {
    return this.call("cancel", new Empty());
  }

  close(): void {
    this.#client.close();
  }
}

/** What an engine's log would have shown. */
export interface Logged {
  severity: "debug" | "info" | "warning" | "error";
  message: string;
  urn: string;
  ephemeral: boolean;
}

/** A log that providers write to, in the place of an engine's. */
export async function engineLog(onMessage: (logged: Logged) => void = () => {}) {
  const logged: Logged[] = [];
  const severities = ["debug", "info", "warning", "error"] as const;
  const server = new Server();
  server.addService(engineServices.EngineService, {
    log(
      call: { request: InstanceType<typeof engineMessages.LogRequest> },
      answer: (error: null, reply: object) => void,
    ) {
      const severity = severities[call.request.getSeverity()] ?? "error";
      const entry = { severity, message: call.request.getMessage(), urn: call.request.getUrn() };
      logged.push({ ...entry, ephemeral: call.request.getEphemeral() });
      onMessage({ ...entry, ephemeral: call.request.getEphemeral() });
      answer(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, logged, close: () => server.forceShutdown() };
}
