import { z } from "zod";

const exported = z.object({
  deployment: z.object({
    pending_operations: z
      .array(
        z.object({
          type: z.string(),
          resource: z.object({
            urn: z.string(),
            type: z.string(),
            id: z.string().optional(),
            inputs: z.record(z.string(), z.unknown()).default({}),
          }),
        }),
      )
      .nullish()
      .transform((operations) => operations ?? []),
  }),
});

/** An operation that the engine had begun and never heard the end of. */
export interface PendingOperation {
  /** `creating`, `updating`, `deleting`, `reading`, `importing`. */
  kind: string;
  urn: string;
  type: string;
  inputs: Record<string, unknown>;
}

/** The pending operations of `pulumi stack export`. */
export function pendingOperations(stateJson: string): PendingOperation[] {
  return exported
    .parse(JSON.parse(stateJson))
    .deployment.pending_operations.map(({ type: kind, resource: { urn, type, inputs } }) => ({
      kind,
      urn,
      type,
      inputs,
    }));
}
