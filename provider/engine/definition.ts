import type { z } from "zod";

/** One rejected input: the property's path (`members[2]`) and a full sentence that says what is wrong and what is accepted. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** How one property changes, as `pulumi preview --diff` shows it. */
export type PropertyChange = "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";

/** The decision of a `diff`: which properties change, in which way, and whether a replacement must delete first. */
export interface Difference {
  /** Property path (`settings.url`, `members[0]`) to the kind of its change. Empty means: nothing to do. */
  changes: Record<string, PropertyChange>;
  /** Default `false`: the new object is created before the old one is deleted. */
  deleteBeforeReplace?: boolean;
}

/** What a lifecycle is given besides its values: the connections of this operation and its means to speak and to stop. */
export interface LifecycleContext<C> {
  /** Shared by all resources of one Pulumi operation; pools of LDAP, SSH, ARM and ACME live in it. */
  readonly connections: C;
  readonly urn: string;
  /** Aborted when the engine cancels the operation (Ctrl-C) or the resource's custom timeout ends. */
  readonly signal: AbortSignal;
  /** The present, handed in so that decisions about time can be tested. */
  readonly now: () => Date;
  /** Shows a transient status line beside the resource; never pass a secret. */
  progress(message: string): void;
  /** Shows a lasting warning of this resource; never pass a secret. */
  warn(message: string): void;
}

/** A created or adopted object: the id that survives every change, and what was read back. */
export interface Created<O> {
  id: string;
  outputs: O;
}

/** What `read` found. `inputs` are the program's inputs as the world now has them, so that drift shows property by property. */
export interface ReadResult<I, O> extends Created<O> {
  inputs: I;
}

/**
 * The life of one resource type. Every value is plain JavaScript: secrets are unwrapped, unknown values (preview only) are the
 * `UNKNOWN` symbol of `values.ts`. The engine layer restores secret marks on the way out.
 */
export interface Lifecycle<I, O, C> {
  /** Rules that a schema cannot say; runs after the schema has passed and only on what is known. */
  check?(inputs: I, context: LifecycleContext<C>): Promise<CheckFailure[]> | CheckFailure[];
  /**
   * Decides what changes. Default: a deep comparison of old and new inputs (`replaceOn` properties replace). Decisions that depend
   * on time or on drift (a renewal, a password set by somebody else) are made here, never in `update`.
   */
  diff?(
    id: string,
    oldInputs: I,
    oldOutputs: O,
    newInputs: I,
    context: LifecycleContext<C>,
  ): Promise<Difference> | Difference;
  /** Outputs that are already known in a preview of a create or update; every other output is unknown. May look, never touches. */
  preview?(
    newInputs: I,
    old: { id: string; outputs: O } | undefined,
    context: LifecycleContext<C>,
  ): Promise<Partial<O>> | Partial<O>;
  create(inputs: I, context: LifecycleContext<C>): Promise<Created<O>>;
  /** `undefined`: the object is gone. On import `old` is undefined and `id` is what the user gave. */
  read(
    id: string,
    old: { inputs: I; outputs: O } | undefined,
    context: LifecycleContext<C>,
  ): Promise<ReadResult<I, O> | undefined>;
  update(id: string, oldOutputs: O, newInputs: I, oldInputs: I, context: LifecycleContext<C>): Promise<O>;
  /** Deleting what is already gone succeeds. */
  delete(id: string, outputs: O, inputs: I, context: LifecycleContext<C>): Promise<void>;
}

/** One resource type of a provider: its token, its schemas, and its life. */
export interface ResourceDefinition<I, O, C> {
  /** `package:module:Type`, for example `mfakit:directory:Group`. */
  token: `${string}:${string}:${string}`;
  /** One paragraph for the Pulumi schema. */
  description: string;
  /** Strict: an unknown property is refused. `.describe()` of each property becomes its documentation. */
  inputs: z.ZodType<I>;
  outputs: z.ZodType<O>;
  /** Outputs (top-level names) that are secret whatever the program marked. */
  secrets?: readonly string[];
  /** Inputs (top-level names) whose change replaces the object. */
  replaceOn?: readonly string[];
  /** A replacement deletes the old object first: for objects whose name must be unique. Default `false`. */
  deleteBeforeReplace?: boolean;
  lifecycle: Lifecycle<I, O, C>;
}

/**
 * Thrown by `create` or `update` when part of the work is done: the engine keeps `outputs` in the state, marks the resource as
 * unfinished, and the next `up` goes on with an update instead of losing what exists.
 */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: Record<string, unknown>;
  constructor(message: string, id: string, outputs: object, options?: ErrorOptions) {
    super(message, options);
    this.name = "PartialFailure";
    this.id = id;
    this.outputs = { ...outputs };
  }
}
