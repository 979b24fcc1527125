import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Share of the heap that resources may fill: the rules copy what they look at, and the report needs some, too. */
const FULL = 0.5;
/** V8 counts room for young objects into its limit (three times 64 MB on 64 bits); what stays has the rest. */
const YOUNG = 3 * 64 * 2 ** 20;

/**
 * Size of the heap in megabytes when it is so full that going on may end the process, which nothing can catch; else `undefined`.
 * What only waits for its collection does not count.
 */
export function megabytesWhenFull(): number | undefined {
  if (!isFull()) return undefined;
  collect();
  return isFull() ? Math.round(room() / 2 ** 20) : undefined;
}

function isFull(): boolean {
  return getHeapStatistics().used_heap_size > FULL * room();
}

function room(): number {
  return Math.max(getHeapStatistics().heap_size_limit - YOUNG, 0);
}

/** The collector can be called by name only where V8 was told so before the context was made. */
function collect(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
