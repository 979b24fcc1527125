import type { ResourceDefinition } from "./definition.ts";

/** Declares one resource type; the type parameters follow from the schemas and the lifecycle. */
export function defineResource<I, O, C>(definition: ResourceDefinition<I, O, C>): ResourceDefinition<I, O, C> {
  return definition;
}

/** A definition whose inputs and outputs the caller does not know: the engine layer handles all of them alike. */
// biome-ignore lint/suspicious/noExplicitAny: methods make I and O invariant, so no other type argument accepts every definition
export type AnyResourceDefinition<C> = ResourceDefinition<any, any, C>;
