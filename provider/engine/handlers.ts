import type { CheckFailure, PropertyChange } from "./definition.ts";
import type { Properties } from "./values.ts";

/** The resource that a request is about. */
export interface ResourceRequest {
  urn: string;
  /** The type token, `package:module:Type`. */
  type: string;
  /** The last part of the URN. */
  name: string;
}

export interface CheckRequest extends ResourceRequest {
  /** Inputs that the state has; empty before the resource exists. */
  olds: Properties;
  /** Inputs of the program. */
  news: Properties;
  /** Stable between preview and update: a source for generated names. */
  randomSeed: Uint8Array;
}

export interface CheckResult {
  inputs: Properties;
  /** `property` may be empty; then `reason` names it. Any failure stops the operation. */
  failures?: CheckFailure[];
}

export interface DiffRequest extends ResourceRequest {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  newInputs: Properties;
  /** The engine resets these in the inputs of a preview or update, but not when it compares after a refresh. */
  ignoreChanges: string[];
}

export interface DiffResult {
  /** Left out: the engine compares the inputs by itself. */
  changes?: "none" | "some";
  /** Path to kind. `inputDiff`: the display takes the old value from the inputs instead of the outputs. */
  detailedDiff?: Record<string, { kind: PropertyChange; inputDiff?: boolean }>;
  /** Properties (top level) that force a replacement: without one there is none. */
  replaces?: string[];
  /** Properties (top level) that change. */
  diffs?: string[];
  /** Outputs (top level) that keep their value through an update. */
  stables?: string[];
  deleteBeforeReplace?: boolean;
}

export interface CreateRequest extends ResourceRequest {
  inputs: Properties;
  /** A preview must not change anything; it returns the outputs that it knows, the rest `UNKNOWN`. */
  preview: boolean;
}

export interface CreateResult {
  /** Never empty, except in a preview. */
  id: string;
  outputs: Properties;
}

export interface ReadRequest extends ResourceRequest {
  id: string;
  /** Absent on import and for `get`. */
  inputs?: Properties;
  /** Absent on import. */
  outputs?: Properties;
}

export interface ReadResult extends CreateResult {
  /** Left out: the engine keeps the inputs it has, and refuses an import. */
  inputs?: Properties;
}

export interface UpdateRequest extends ResourceRequest {
  id: string;
  oldInputs: Properties;
  oldOutputs: Properties;
  newInputs: Properties;
  ignoreChanges: string[];
  preview: boolean;
}

export interface DeleteRequest extends ResourceRequest {
  id: string;
  inputs: Properties;
  outputs: Properties;
}

export interface InvokeRequest {
  token: string;
  args: Properties;
  preview: boolean;
}

export interface InvokeResult {
  result?: Properties;
  failures?: CheckFailure[];
}

/** What a handler is given besides its request. */
export interface CallContext<S> {
  /** What `configure` returned for the provider instance that this call belongs to. */
  readonly session: S;
  /** Aborted by Ctrl-C, by the resource's custom timeout, and when the engine goes away. */
  readonly signal: AbortSignal;
  /** Shows a transient status line beside the resource. Secrets of the request are removed. */
  progress(message: string): void;
  /** Shows a lasting warning of the resource. Secrets of the request are removed. */
  warn(message: string): void;
}

/** What the messages of a session must not say. */
export interface MessageFilter {
  /** Removes this text from every message and error from now on. Secret inputs are removed without it. */
  hide(secret: string): void;
}

/**
 * A provider: each method answers one call of the engine. Values are decoded (`Secret`, `UNKNOWN`, `Asset`, ...); answers are
 * encoded again. A method that is left out answers "unimplemented" (`checkConfig`, `diffConfig` and `check` accept everything).
 * An error that is thrown reaches the user as its message, without a stack; a `PartialFailure` keeps the half-made resource.
 */
export interface ProviderHandlers<S> {
  /** The Pulumi package schema as JSON text. */
  schema?(): Promise<string> | string;
  /** May hold values that are unknown in a preview; secrets arrive as plain values here, and the engine marks them again. */
  checkConfig?(request: CheckRequest): Promise<CheckResult> | CheckResult;
  diffConfig?(request: Omit<DiffRequest, "id">): Promise<DiffResult> | DiffResult;
  /** Called once for each provider instance of the program, with everything known. What it returns is the session of its calls. */
  configure(inputs: Properties, messages: MessageFilter): Promise<S> | S;
  invoke?(request: InvokeRequest, context: CallContext<S>): Promise<InvokeResult> | InvokeResult;
  check?(request: CheckRequest, context: CallContext<S>): Promise<CheckResult> | CheckResult;
  diff?(request: DiffRequest, context: CallContext<S>): Promise<DiffResult> | DiffResult;
  create?(request: CreateRequest, context: CallContext<S>): Promise<CreateResult> | CreateResult;
  /** `undefined`: the resource is gone. */
  read?(request: ReadRequest, context: CallContext<S>): Promise<ReadResult | undefined> | ReadResult | undefined;
  /** Returns the new outputs. */
  update?(request: UpdateRequest, context: CallContext<S>): Promise<Properties> | Properties;
  delete?(request: DeleteRequest, context: CallContext<S>): Promise<void> | void;
  /** Called when the server closes, once for each session. */
  close?(session: S): Promise<void> | void;
}
