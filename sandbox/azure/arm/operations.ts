import { randomUUID } from "node:crypto";
import { ArmError } from "./errors.ts";
import type { Json } from "./json.ts";

/** A long operation of ARM, as `Azure-AsyncOperation` and `Location` show it. */
export interface Operation {
  id: string;
  namespace: string;
  status: "InProgress" | "Succeeded" | "Failed";
  startTime: string;
  endTime?: string;
  error?: ArmError;
  /** What `Location` answers in the end; absent for a delete. */
  result?: () => Json | undefined;
  /** Resolves when the operation is over, whatever its outcome. */
  done: Promise<void>;
}

/** How long a poll waits for the end before it answers "in progress", in milliseconds. Keeps pollers calm. */
const pollPatience = 500;

export class Operations {
  readonly #operations = new Map<string, Operation>();
  readonly #locks = new Map<string, number>();

  /** Runs `work` as an operation; while it runs, `lockKeys` are held. */
  start(namespace: string, lockKeys: readonly string[], work: () => Promise<(() => Json | undefined) | undefined>) {
    const operation: Operation = {
      id: randomUUID(),
      namespace,
      status: "InProgress",
      startTime: new Date().toISOString(),
      done: Promise.resolve(),
    };
    this.#operations.set(operation.id, operation);
    for (const key of lockKeys) this.#locks.set(key, (this.#locks.get(key) ?? 0) + 1);
    operation.done = work()
      .then(
        (result) => {
          operation.status = "Succeeded";
          operation.result = result;
        },
        (error: unknown) => {
          operation.status = "Failed";
          operation.error =
            error instanceof ArmError
              ? error
              : new ArmError(500, "InternalServerError", error instanceof Error ? error.message : String(error));
        },
      )
      .finally(() => {
        operation.endTime = new Date().toISOString();
        for (const key of lockKeys) this.#unlock(key);
      });
    return operation;
  }

  isLocked(key: string): boolean {
    return this.#locks.has(key);
  }

  /** The operation, after waiting a little for its end. */
  async poll(id: string): Promise<Operation | undefined> {
    const operation = this.#operations.get(id);
    if (operation === undefined || operation.status !== "InProgress") return operation;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, pollPatience);
    });
    await Promise.race([operation.done, patience]);
    clearTimeout(timer);
    return operation;
  }

  /** Waits for everything under way. */
  async idle(): Promise<void> {
    await Promise.all([...this.#operations.values()].map((operation) => operation.done));
  }

  #unlock(key: string): void {
    const held = (this.#locks.get(key) ?? 1) - 1;
    if (held === 0) this.#locks.delete(key);
    else this.#locks.set(key, held);
  }
}
