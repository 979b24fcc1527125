import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { PartialFailure } from "./definition.ts";
import { Any, providerMessages, statusMessages } from "./protocol.ts";
import { markEchoes, redact } from "./secrets.ts";
import { encodeProperties } from "./struct.ts";
import { UserError } from "./userError.ts";

/**
 * The gRPC status for an error: its message without a stack and without the known secrets. A partial failure carries what exists,
 * so that the engine keeps it in the state and goes on with an update next time.
 */
export function statusOf(
  error: unknown,
  secrets: ReadonlySet<string>,
): Pick<ServiceError, "code" | "details" | "metadata"> {
  const message = redact(messageOf(error), secrets);
  const metadata = new Metadata();
  if (error instanceof PartialFailure) {
    metadata.set("grpc-status-details-bin", partialDetails(error, message, secrets));
  }
  return { code: status.UNKNOWN, details: message, metadata };
}

/** What a person reads: a `UserError` ends with its code; other errors are followed by their causes. */
export function messageOf(error: unknown): string {
  if (error instanceof UserError) return `${error.message} [${error.code}]`;
  const messages: string[] = [];
  for (let next = error; next !== undefined && next !== null; next = causeOf(next)) {
    const message = ownMessage(next);
    if (message !== "" && !messages.some((earlier) => earlier.includes(message))) messages.push(message);
    if (next instanceof UserError) break;
  }
  return messages.join(": ") || "failed without a message";
}

/** Node puts the errors of several connection attempts into one `AggregateError`, whose own message is empty. */
function ownMessage(error: unknown): string {
  if (error instanceof UserError) return `${error.message} [${error.code}]`;
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/** `grpc-status-details-bin` is how gRPC carries structured details: a google.rpc.Status with one detail. */
function partialDetails(failure: PartialFailure, message: string, secrets: ReadonlySet<string>): Buffer {
  const detail = new providerMessages.ErrorResourceInitFailed();
  detail.setId(failure.id);
  detail.setProperties(encodeProperties(markEchoes(failure.outputs, secrets)));
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const result = new statusMessages.Status();
  result.setCode(status.UNKNOWN);
  result.setMessage(message);
  result.addDetails(any);
  return Buffer.from(result.serializeBinary());
}
