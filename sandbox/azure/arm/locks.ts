import { conflict, locked } from "./errors.ts";
import type { Operations } from "./operations.ts";
import type { Located } from "./registry.ts";
import { keyOf, parentOf } from "./resourceId.ts";

/** Throws while an operation runs on the resource, or on the parent that it locks. */
export function refuseWhileLocked(located: Located, operations: Operations): void {
  const keys = lockKeys(located);
  if (keys.some((key) => operations.isLocked(key))) {
    throw located.type.type.startsWith("Microsoft.Network/")
      ? locked(located.id)
      : conflict("AnotherOperationInProgress", `Another operation on '${located.id}' is in progress.`);
  }
}

/** What an operation on a resource holds. */
export function lockKeys({ id, type }: Located): string[] {
  const parent = parentOf(id);
  return type.locksParent && parent !== undefined ? [keyOf(id), keyOf(parent)] : [keyOf(id)];
}
