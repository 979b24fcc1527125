import { type ContextOptions, findContext } from "../context.ts";
import { openEndpoint } from "../endpoint/open.ts";
import { verifyEndpoint } from "../endpoint/verifyEndpoint.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { report } from "./verify.ts";

/** Exit code 0 only when every check holds. */
export async function main(options: ContextOptions & { json?: boolean }): Promise<number> {
  const context = findContext(options);
  await refreshSandboxSettings(context);
  const { endpoint } = await openEndpoint(context);
  const results = await verifyEndpoint(endpoint);
  process.stdout.write(options.json === true ? `${JSON.stringify(results, undefined, 2)}\n` : `${report(results)}\n`);
  return results.every(({ status }) => status === "pass") ? 0 : 1;
}
