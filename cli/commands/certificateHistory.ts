import { type ContextOptions, findContext } from "../context.ts";
import { refreshSandboxSettings } from "../sandboxSettings.ts";
import { publicOutputs } from "../stackOutputs.ts";
import { table } from "../table.ts";

/** The certificates that the stack remembers: the last ten. */
export async function main(options: ContextOptions & { json?: boolean }): Promise<number> {
  const context = findContext(options);
  await refreshSandboxSettings(context);
  const { certificate } = await publicOutputs(context);
  // A stack that was deployed before the history was kept has none.
  const history = certificate.history ?? [];
  if (options.json === true) process.stdout.write(`${JSON.stringify(history, undefined, 2)}\n`);
  else {
    const rows = history.map(({ notBefore, notAfter, thumbprint, serialNumber, issuer }) => [
      notBefore,
      notAfter,
      thumbprint,
      serialNumber,
      issuer,
    ]);
    process.stdout.write(`${table([["FROM", "UNTIL", "THUMBPRINT", "SERIAL NUMBER", "ISSUER"], ...rows], "")}\n`);
  }
  return 0;
}
