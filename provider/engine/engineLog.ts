import { credentials } from "@grpc/grpc-js";
import { engineMessages, engineServices } from "./protocol.ts";

export type Severity = "debug" | "info" | "warning" | "error";

/** The engine's log: messages appear beside the resource that they name. */
export class EngineLog {
  readonly #client: InstanceType<typeof engineServices.EngineClient>;
  readonly #unsent = new Set<Promise<void>>();

  /** `address` is `host:port` on the loopback interface, as the engine announces it. */
  constructor(address: string) {
    this.#client = new engineServices.EngineClient(address, credentials.createInsecure());
  }

  /** Does not wait and never fails: a log that cannot be written must not fail the operation. */
  write(severity: Severity, message: string, urn = "", ephemeral = false): void {
    const request = new engineMessages.LogRequest();
    request.setSeverity(severities[severity]);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    const sent = new Promise<void>((resolve) => this.#client.log(request, () => resolve()));
    this.#unsent.add(sent);
    sent.finally(() => this.#unsent.delete(sent));
  }

  /** Resolves when everything written so far has arrived: the engine may end right after the answer to its call. */
  async flush(): Promise<void> {
    await Promise.all(this.#unsent);
  }

  close(): void {
    this.#client.close();
  }
}

const severities = {
  debug: engineMessages.LogSeverity.DEBUG,
  info: engineMessages.LogSeverity.INFO,
  warning: engineMessages.LogSeverity.WARNING,
  error: engineMessages.LogSeverity.ERROR,
} as const;
