import { type ContextOptions, findContext } from "../context.ts";
import { duration } from "../duration.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { table } from "../table.ts";
import type { CheckResult } from "../verify/check.ts";
import { verify } from "../verify/verify.ts";

/** Exit code 0 only when every check holds. */
export async function main(options: ContextOptions & { json?: boolean }): Promise<number> {
  const context = findContext(options);
  await refreshSandboxSettings(context);
  const results = await verify(context);
  process.stdout.write(options.json === true ? `${JSON.stringify(results, undefined, 2)}\n` : `${report(results)}\n`);
  return results.every(({ status }) => status === "pass") ? 0 : 1;
}

/** One line per check: the step of the procedure that it proves, and what was seen. */
export function report(results: readonly CheckResult[]): string {
  const rows = results.map(({ status, id, step, detail, milliseconds }) => [
    status,
    id,
    duration(milliseconds),
    `${step}: ${detail}`,
  ]);
  const failures = results.filter(({ status }) => status === "fail").length;
  const verdict =
    failures === 0 ? `All ${results.length} checks hold.` : `${failures} of ${results.length} checks fail.`;
  return `${table(rows)}\n${verdict}`;
}
