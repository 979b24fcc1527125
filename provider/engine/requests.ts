import type {
  CheckRequest,
  CreateRequest,
  DeleteRequest,
  DiffRequest,
  InvokeRequest,
  ReadRequest,
  ResourceRequest,
  UpdateRequest,
} from "./handlers.ts";
import type { Incoming } from "./incoming.ts";
import type { providerMessages, Struct } from "./protocol.ts";

type Messages = typeof providerMessages;
/** The message class's instance type. */
export type Message<K extends keyof Messages> = Messages[K] extends abstract new (
  ...args: never
) => infer M
  ? M
  : never;

type Decoder = Pick<Incoming<unknown>, "decode">;

/** The handlers' requests from the protocol's messages. */
export const requests = {
  check: (message: Message<"CheckRequest">, incoming: Decoder): CheckRequest => ({
    ...resource(message),
    olds: incoming.decode(message.getOlds()),
    news: incoming.decode(message.getNews()),
    randomSeed: message.getRandomseed_asU8(),
  }),
  diff: (message: Message<"DiffRequest">, incoming: Decoder): DiffRequest => ({
    ...resource(message),
    id: message.getId(),
    oldInputs: incoming.decode(message.getOldInputs()),
    oldOutputs: incoming.decode(message.getOlds()),
    newInputs: incoming.decode(message.getNews()),
    ignoreChanges: message.getIgnorechangesList(),
  }),
  create: (message: Message<"CreateRequest">, incoming: Decoder): CreateRequest => ({
    ...resource(message),
    inputs: incoming.decode(message.getProperties()),
    preview: message.getPreview(),
  }),
  read: (message: Message<"ReadRequest">, incoming: Decoder): ReadRequest => ({
    ...resource(message),
    id: message.getId(),
    inputs: ifPresent(message.getInputs(), incoming),
    outputs: ifPresent(message.getProperties(), incoming),
  }),
  update: (message: Message<"UpdateRequest">, incoming: Decoder): UpdateRequest => ({
    ...resource(message),
    id: message.getId(),
    oldInputs: incoming.decode(message.getOldInputs()),
    oldOutputs: incoming.decode(message.getOlds()),
    newInputs: incoming.decode(message.getNews()),
    ignoreChanges: message.getIgnorechangesList(),
    preview: message.getPreview(),
  }),
  delete: (message: Message<"DeleteRequest">, incoming: Decoder): DeleteRequest => ({
    ...resource(message),
    id: message.getId(),
    inputs: incoming.decode(message.getOldInputs()),
    outputs: incoming.decode(message.getProperties()),
  }),
  invoke: (message: Message<"InvokeRequest">, incoming: Decoder): InvokeRequest => ({
    token: message.getTok(),
    args: incoming.decode(message.getArgs()),
    preview: message.getPreview(),
  }),
};

function resource(message: { getUrn(): string; getType(): string; getName(): string }): ResourceRequest {
  // urn:pulumi:<stack>::<project>::<parent types$type>::<name>; engines before 3.140 send the URN alone.
  const urn = message.getUrn();
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return {
    urn,
    type: message.getType() || (qualifiedType.split("$").at(-1) ?? ""),
    name: message.getName() || name.join("::"),
  };
}

function ifPresent(struct: Struct | undefined, incoming: Decoder) {
  return struct === undefined ? undefined : incoming.decode(struct);
}
