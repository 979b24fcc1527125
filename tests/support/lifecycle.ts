import type { Connections } from "../../provider/connections/connections.ts";
import type { HostSession } from "../../provider/connections/host.ts";
import type { LifecycleContext } from "../../provider/engine/definition.ts";

/** What a lifecycle is given in a test without an engine: one host, and what it reported. */
export function hostContext(host: HostSession, signal = new AbortController().signal) {
  const progress: string[] = [];
  const warnings: string[] = [];
  const other = () => Promise.reject(new Error("only the host is connected in this test"));
  const context: LifecycleContext<Connections> = {
    connections: {
      host: async () => host,
      directory: other,
      arm: other,
      graph: other,
      keyVault: other,
      acme: other,
      configuration: {},
      close: () => host.close(),
    },
    urn: "urn:pulumi:dev::mfa-server::mfakit:test::x",
    signal,
    now: () => new Date("2026-01-02T03:04:05Z"),
    progress: (message) => progress.push(message),
    warn: (message) => warnings.push(message),
  };
  return { context, progress, warnings };
}
