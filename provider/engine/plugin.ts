import { type ServeOptions, serveProvider } from "./server.ts";

/** The engine kills a plugin that takes longer than five seconds to end; what still runs by then was told to stop. */
const patience = 4_000;

/**
 * Runs a provider as a plugin process of the engine: the engine passes its address as the last argument, reads the port from the
 * first line of standard output, interrupts the process at the end, and closes standard input when it dies.
 */
export async function runProvider<S>(options: Omit<ServeOptions<S>, "engineAddress">): Promise<void> {
  const engineAddress = process.argv.at(-1)?.match(/^[\w.:[\]-]+:\d+$/)?.[0];
  const server = await serveProvider({ ...options, ...(engineAddress && { engineAddress }) });
  let ending = false;
  const end = async () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), patience);
    await server.close().finally(() => process.exit(0));
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  // Without an engine (started by hand, for PULUMI_DEBUG_PROVIDERS) standard input says nothing about who needs this process.
  if (engineAddress) process.stdin.on("end", end).on("error", end).resume();
  process.stdout.write(`${server.port}\n`);
}
