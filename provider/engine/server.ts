import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { ProviderHandlers } from "./handlers.ts";
import { providerServices } from "./protocol.ts";
import { providerService } from "./service.ts";
import { Sessions } from "./sessions.ts";

export interface ServeOptions<S> {
  /** Name of the package, for example `mfakit`. */
  name: string;
  /** Semantic version of the provider. */
  version: string;
  handlers: ProviderHandlers<S>;
  /** `host:port` to listen on; port 0 takes a free one. Default `127.0.0.1:0`. The protocol has no authentication: loopback only. */
  address?: string;
  /** `host:port` of the engine that started this process. Engines that attach (`PULUMI_DEBUG_PROVIDERS`) announce theirs. */
  engineAddress?: string;
}

export interface ProviderServer {
  readonly port: number;
  /** Aborts running calls, closes every session, and stops listening. */
  close(): Promise<void>;
}

/** A state can be larger than gRPC's default limit of 4 MB. */
const unlimitedMessages = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Serves a provider over gRPC until it is closed. Rejects when the address cannot be bound. */
export async function serveProvider<S>(options: ServeOptions<S>): Promise<ProviderServer> {
  const sessions = new Sessions<S>(options.engineAddress);
  const server = new Server(unlimitedMessages);
  server.addService(providerServices.ResourceProviderService, providerService(options, sessions));
  const port = await new Promise<number>((resolve, reject) => {
    const address = options.address ?? "127.0.0.1:0";
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    async close() {
      await sessions.close((session) => options.handlers.close?.(session));
      server.forceShutdown();
    },
  };
}
