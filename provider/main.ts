import { providerConfiguration } from "./configuration.ts";
import { openConnections } from "./connections/open.ts";
import { runProvider } from "./engine/plugin.ts";
import { resourceHandlers } from "./engine/resources.ts";
import packageJson from "./package.json" with { type: "json" };

/** The families by the module part of their tokens. */
const modules = {
  acme: async () => Object.values(await import("./acme/definition.ts")),
  directory: async () => Object.values(await import("./directory/definition.ts")),
  dsc: async () => Object.values(await import("./dsc/definition.ts")),
  entra: async () => Object.values(await import("./entra/definition.ts")),
  host: async () => Object.values(await import("./host/definition.ts")),
  keyVault: async () => Object.values(await import("./keyVault/definition.ts")),
  web: async () => Object.values(await import("./web/definition.ts")),
};

/** The provider `mfakit`, started by the Pulumi engine. */
const handlers = resourceHandlers({
  name: "mfakit",
  version: packageJson.version,
  description: packageJson.description,
  configuration: providerConfiguration,
  modules,
  connect(configuration) {
    const connections = openConnections(configuration);
    // Whether a renewal is due is asked in every preview, and the engine waits for the answer: begin now.
    if (configuration.acme)
      connections.acme().then(
        (acme) => acme.prepare(),
        () => undefined,
      );
    return connections;
  },
  disconnect: (connections) => connections.close(),
});

await runProvider({ name: "mfakit", version: packageJson.version, handlers });

// The engine waits for the port, then for its program. Meanwhile the families are loaded that it will ask for one after the other.
for (const load of Object.values(modules)) load().catch(() => undefined);
