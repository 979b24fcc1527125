import { z } from "zod";

const resource = z.looseObject({
  urn: z.string(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).optional(),
});

const exportedState = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.looseObject({ type: z.string(), resource })).nullish(),
  }),
});

/** A state as `pulumi stack export` prints it; what the kit does not know of passes through. Secrets in it are encrypted. */
export type ExportedState = z.infer<typeof exportedState>;

/** An operation that the engine had begun and never heard the end of. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, `reading`, `importing`. */
  kind: string;
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
}

export function parseState(text: string): ExportedState {
  return exportedState.parse(JSON.parse(text));
}

export function pendingOperations({ deployment }: ExportedState): PendingOperation[] {
  return (deployment.pending_operations ?? []).map(({ type: kind, resource: { urn, type, inputs } }) => ({
    kind,
    urn,
    type,
    inputs: inputs ?? {},
  }));
}

/**
 * The state without pending operations. A create whose object exists becomes a resource with that id and no outputs, which a refresh
 * then reads. The engine's own `refresh --import-pending-creates` would do this, but loses the resource (seen with 3.220.0).
 * @param ids URN of a pending create to the id of the object that exists
 */
export function withoutPending(state: ExportedState, ids: ReadonlyMap<string, string>): ExportedState {
  const { deployment } = state;
  // A replacement that had not come to its end still has the old object under the same URN.
  const kept = new Set((deployment.resources ?? []).filter((each) => each.delete !== true).map(({ urn }) => urn));
  const found = (deployment.pending_operations ?? []).flatMap(({ type, resource: pending }) => {
    const id = ids.get(pending.urn);
    return type === "creating" && id !== undefined && !kept.has(pending.urn) ? [{ ...pending, id, outputs: {} }] : [];
  });
  return {
    ...state,
    deployment: {
      ...deployment,
      resources: [...(deployment.resources ?? []), ...found],
      pending_operations: undefined,
    },
  };
}

/** The state in which these resources have the inputs that were sent to create them: a refresh adds the service's defaults. */
export function withSentInputs(state: ExportedState, sent: readonly PendingOperation[]): ExportedState {
  const inputs = new Map(sent.map((operation) => [operation.urn, operation.inputs]));
  const resources = (state.deployment.resources ?? []).map((each) => ({
    ...each,
    inputs: inputs.get(each.urn) ?? each.inputs,
  }));
  return { ...state, deployment: { ...state.deployment, resources } };
}
